// Style sheets are imported for the bundler alone; esbuild gathers them into the page.
declare module '*.css';

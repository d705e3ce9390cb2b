// The viewer's icons: line drawings in the text's colour, hidden from screen readers; the controls around them have names.
import type { JSX } from 'preact';

const PATHS = {
  play: 'M8 5.5v13l10.5-6.5z',
  pause: 'M8 5.5v13M16 5.5v13',
  back: 'M11.5 6.5L6 12l5.5 5.5M18 6.5L12.5 12l5.5 5.5',
  on: 'M12.5 6.5L18 12l-5.5 5.5M6 6.5l5.5 5.5L6 17.5',
  again: 'M5 12a7 7 0 1 0 2.2-5.1M5 4v4h4',
  search: 'M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM16 16l4.5 4.5',
  visitor: 'M12 4.5a3.75 3.75 0 1 0 0 7.5 3.75 3.75 0 0 0 0-7.5zM4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1',
  share: 'M12 15V4M8 7.5l4-4 4 4M6 11H5v9h14v-9h-1',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  skip: 'M5 6l7 6-7 6zM13 6l7 6-7 6z',
  trail: 'M4 18c3-9 7 2 10-5 1.2-2.8 2.5-5.5 6-7',
  expand: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
  list: 'M15 5l-7 7 7 7',
  hidden:
    'M3 3l18 18M10 5.3A9.5 9.5 0 0 1 12 5c5 0 8.5 4.5 9.5 7a13 13 0 0 1-2.7 3.9M6.5 7A13 13 0 0 0 2.5 12c1 2.5 4.5 7 9.5 7a9 9 0 0 0 4.7-1.3M10 10a2.8 2.8 0 0 0 4 4',
  gap: 'M12 4l9 16H3zM12 10v4.5M12 17.2v.3',
  idle: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2',
  keys: 'M3 6.5h18v11H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8',
  before: 'M14.5 6L8.5 12l6 6',
  after: 'M9.5 6l6 6-6 6',
  plus: 'M12 5.5v13M5.5 12h13',
  minus: 'M5.5 12h13',
  contract: 'M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5',
  follow: 'M12 4v12M6.5 11l5.5 5.5 5.5-5.5M5 20h14',
  filter: 'M4 6h16M7 12h10M10 18h4',
  chevron: 'M7 10l5 5 5-5',
  next: 'M5 6l8 6-8 6zM18 6v12',
  eye: 'M2.5 12c1-2.5 4.5-7 9.5-7s8.5 4.5 9.5 7c-1 2.5-4.5 7-9.5 7s-8.5-4.5-9.5-7zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z',
  pencil: 'M5 19l1-4L16.5 4.5l3 3L9 18z',
  bin: 'M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7',
  when: 'M4.5 6.5h15v13h-15zM4.5 10.5h15M8.5 4v4M15.5 4v4',
  whole: 'M4 7v10M20 7v10M7.5 12h9M10 9l-3 3 3 3M14 9l3 3-3 3',
  save: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  leave: 'M14 4.5H6v15h8M10.5 12H21M17.5 8.5L21 12l-3.5 3.5',
} as const;

export type IconName = keyof typeof PATHS;

const FILLED: ReadonlySet<IconName> = new Set(['play', 'skip']);

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" data-filled={FILLED.has(name) || undefined}>
      <path d={PATHS[name]} />
    </svg>
  );
}

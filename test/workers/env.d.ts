// What tests in workerd see of their Worker.
type Bindings = import('../../src/cloudflare/env.ts').Bindings;

declare namespace Cloudflare {
  interface Env extends Bindings {}
}

declare module '*.jsonc?raw' {
  const text: string;
  export default text;
}

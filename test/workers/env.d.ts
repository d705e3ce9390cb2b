// What tests in workerd see of their Worker.
declare namespace Cloudflare {
  interface Env extends import('../../src/cloudflare/env.ts').Bindings {}
}

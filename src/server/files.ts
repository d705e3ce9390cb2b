// What was built, as routes: GET /tracker.js, /replay and /demo/. Called by app.ts.
import type { Context, Hono } from 'hono';
import { serveAsset } from './assets.ts';
import type { App, Env } from './context.ts';
import { crossOrigin, headersOf } from './cross-origin.ts';
import { Problem } from './problem.ts';

const VIEWER_HEADERS = {
  'cache-control': 'no-cache',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // All but what its buttons use: the clipboard and the full screen.
  'permissions-policy':
    'accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()',
};
const DEMO_POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export function serveFiles(hono: Hono<Env>, app: App): void {
  const { tracker, viewer, viewerPolicy, demo } = app.options.assets;
  hono.get('/', (c) => c.redirect('/replay', 302));
  const trackerHeaders = (c: Context<Env>) => crossOrigin(app, c.req.raw, headersOf(c.req.raw, c.env.client));
  hono.get('/tracker.js', (c) =>
    serveAsset(c.req.raw, tracker, {
      'cache-control': 'public, max-age=3600, stale-while-revalidate=86400',
      ...trackerHeaders(c),
    }),
  );
  hono.options('/tracker.js', (c) => c.body(null, 204, trackerHeaders(c)));
  hono.get('/replay', (c) =>
    serveAsset(c.req.raw, viewer, { ...VIEWER_HEADERS, 'content-security-policy': viewerPolicy }),
  );
  if (!demo) return;
  hono.get('/demo', (c) => c.redirect('/demo/', 302));
  hono.get('/demo/*', (c) => {
    const path = new URL(c.req.url).pathname.slice('/demo/'.length);
    const names = [path, `${path}index.html`, `${path}.html`, `${path}/index.html`];
    // The shop routes by history.pushState, and its addresses must survive a reload.
    if (path.startsWith('shop/')) names.push('shop/index.html');
    const file = names.find((name) => demo.has(name));
    if (file === undefined) throw new Problem(404, 'path', 'there is nothing here');
    return serveAsset(c.req.raw, demo.get(file)!, {
      'cache-control': 'no-cache',
      'content-security-policy': DEMO_POLICY,
    });
  });
}

// WebKitGTK, which has Safari's engine, driven by WebDriver over HTTP on a screen of its own. For the tests of other browsers.
import { existsSync, globSync } from 'node:fs';
import { createServer } from 'node:net';
import { actions, type Driven, start, type Tab } from './driven.ts';

const DRIVER = '/usr/bin/WebKitWebDriver';
const SCREEN = '/usr/bin/Xvfb';
const [BROWSER = 'MiniBrowser'] = globSync('/usr/lib/*/webkit2gtk-4.1/MiniBrowser');

/** What of it is not on this machine. */
export const missingForWebkit = [DRIVER, BROWSER, SCREEN].filter((path) => !existsSync(path));

type Ask = <T>(method: string, path: string, body?: object) => Promise<T>;

/** `settings`: further arguments of the browser. */
export async function launchWebkit(settings: string[] = []): Promise<Driven> {
  const screen = start(SCREEN, ['-displayfd', '1', '-screen', '0', '3840x2400x24', '-nolisten', 'tcp']);
  const [, display] = await screen.says(/^(\d+)\n/m);
  const port = await freePort();
  const env = { DISPLAY: `:${display}`, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1', LANG: 'en_US.UTF-8' };
  const driver = start(DRIVER, [`--port=${port}`], env);
  const ask: Ask = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      body: method === 'POST' ? JSON.stringify(body ?? {}) : null,
    });
    const { value } = (await answer.json()) as { value: { error?: string; message?: string } };
    if (!answer.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value as never;
  };
  await untilUp(() => ask('GET', '/status'));
  const args = ['--automation', ...settings];
  const { sessionId } = await ask<{ sessionId: string }>('POST', '/session', {
    capabilities: {
      alwaysMatch: { 'webkitgtk:browserOptions': { binary: BROWSER, args }, pageLoadStrategy: 'normal' },
    },
  });
  const at = `/session/${sessionId}`;
  const first = await ask<string>('GET', `${at}/window`);
  const complaints: string[] = [];
  return {
    name: 'WebKit',
    // Its bar of tools needs that much.
    leastWidth: 447,
    complaints,
    async open() {
      // The first stays open: with the last one the browser ends. A window: a tab would stay behind the first, and is not painted there.
      await ask('POST', `${at}/window`, { handle: first });
      const { handle } = await ask<{ handle: string }>('POST', `${at}/window/new`, { type: 'window' });
      return tabOf(ask, at, handle, complaints);
    },
    // One that is driven tells nobody what its console says.
    async consoleAt(url, done) {
      const console = ['--private', '--enable-write-console-messages-to-stdout=true'];
      const undriven = start(BROWSER, [...console, ...settings, url], env);
      await done();
      await undriven.stop();
      return undriven.output().match(/^.*CONSOLE .*(ERROR|WARN).*$/gm) ?? [];
    },
    async close() {
      await ask('DELETE', at).catch(() => undefined);
      await driver.stop();
      await screen.stop();
    },
  };
}

function tabOf(ask: Ask, at: string, handle: string, complaints: string[]): Tab {
  /** All requests are about the tab that was chosen last. */
  const here: Ask = async (method, path, body) => {
    await ask('POST', `${at}/window`, { handle });
    return ask(method, at + path, body);
  };
  const perform = (list: object[]) => here<void>('POST', '/actions', { actions: list });
  const collect = async () => complaints.push(...(await tab.evaluate(told)));
  const tab: Tab = {
    async goto(url) {
      await collect();
      await here('POST', '/url', { url });
      await tab.evaluate(listen);
    },
    back: () => here('POST', '/back'),
    async evaluate(run, ...args) {
      const script = `const done = arguments[arguments.length - 1];
        (async () => JSON.stringify(await (${run})(...${JSON.stringify(args)})))().then((value) => done({ value }), (error) => done({ error: String(error) }))`;
      const { value, error } = await here<{ value?: string; error?: string }>('POST', '/execute/async', {
        script,
        args: [],
      });
      if (error) throw new Error(error);
      return value === undefined ? undefined : JSON.parse(value);
    },
    move: (...points) => perform(actions.move(points)),
    click: (x, y) => perform(actions.click(x, y)),
    wheel: (x, y, by) => perform(actions.wheel(x, y, by)),
    press: (...keys) => perform(actions.press(keys)),
    async resize(width, height) {
      const size = () => tab.evaluate(() => [innerWidth, innerHeight] as const);
      const rect = await here<{ width: number; height: number }>('GET', '/window/rect');
      const [w, h] = await size();
      await here('POST', '/window/rect', { width: rect.width + width - w, height: rect.height + height - h });
    },
    async picture() {
      return Buffer.from(await here<string>('GET', '/screenshot'), 'base64');
    },
    async close() {
      await collect();
      await here('DELETE', '/window');
    },
  };
  return tab;
}

/** Keeps what goes wrong in a page from now on, for `told`. */
function listen(): void {
  const all: string[] = [];
  Object.assign(window, { complaints: all });
  addEventListener('error', ({ message }) => all.push(message));
  addEventListener('unhandledrejection', ({ reason }) => all.push(String(reason)));
  addEventListener('securitypolicyviolation', (event) => all.push(`${event.violatedDirective} ${event.blockedURI}`));
}

function told(): string[] {
  return (window as { complaints?: string[] }).complaints ?? [];
}

/** The driver says nothing when it is ready. */
async function untilUp(ask: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await ask();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

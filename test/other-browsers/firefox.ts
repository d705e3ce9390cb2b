// Firefox, driven by WebDriver BiDi over its own socket. For the tests of other browsers.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actions, type Driven, start, type Tab } from './driven.ts';

export const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

/**
 * Nothing of it asks other servers, and the page cache is as users have it. All tabs of a site share one process: Firefox ends that of
 * a site's last tab, often before the page hears that it is left (docs/browsers.md).
 */
const PREFERENCES = {
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.ipc.processCount.webIsolated': 1,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.enabled': false,
};

type Answer = { id?: number; result?: unknown; error?: string; message?: string; method?: string; params?: never };

/** `preferences`: of about:config, beside the usual ones. */
export async function launchFirefox(preferences: Record<string, string | number | boolean> = {}): Promise<Driven> {
  const profile = mkdtempSync(join(tmpdir(), 'firefox-'));
  const lines = Object.entries({ ...PREFERENCES, ...preferences }).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
  const browser = start(FIREFOX, args, { HOME: profile });
  const [, address] = await browser.says(/WebDriver BiDi listening on (ws:\S+)/);
  const socket = new WebSocket(`${address}/session`);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const complaints: string[] = [];
  const pending = new Map<number, (answer: Answer) => void>();
  let count = 0;
  const ask = <T>(method: string, params: object = {}): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = ++count;
      pending.set(id, ({ error, message, result }) => {
        if (error) reject(new Error(`${method}: ${error}: ${message}`));
        else resolve(result as T);
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  socket.onmessage = ({ data }) => {
    const answer = JSON.parse(data) as Answer;
    if (answer.id) {
      pending.get(answer.id)?.(answer);
      pending.delete(answer.id);
    } else if (answer.method === 'log.entryAdded') {
      const { level, text } = answer.params as unknown as { level: string; text: string };
      if (level === 'error' || level === 'warn') complaints.push(text);
    }
  };
  await ask('session.new', { capabilities: {} });
  await ask('session.subscribe', { events: ['log.entryAdded'] });
  // It does not log what a page's policy refused.
  await ask('script.addPreloadScript', { functionDeclaration: `${logRefusals}` });
  const open = async () => {
    const { context } = await ask<{ context: string }>('browsingContext.create', { type: 'tab' });
    return tabOf(ask, context);
  };
  return {
    name: 'Firefox',
    leastWidth: 0,
    complaints,
    open,
    async consoleAt(url, done) {
      const from = complaints.length;
      const tab = await open();
      await tab.goto(url);
      await done();
      await tab.close();
      return complaints.slice(from);
    },
    async close() {
      await ask('browser.close').catch(() => undefined);
      socket.close();
      await browser.stop();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

function logRefusals(): void {
  addEventListener('securitypolicyviolation', (event) =>
    console.error(`refused by ${event.violatedDirective}: ${event.blockedURI}`),
  );
}

function tabOf(ask: <T>(method: string, params?: object) => Promise<T>, context: string): Tab {
  const perform = (list: object[]) => ask<void>('input.performActions', { context, actions: list });
  return {
    async goto(url) {
      await ask('browsingContext.navigate', { context, url, wait: 'complete' });
    },
    async back() {
      await ask('browsingContext.traverseHistory', { context, delta: -1 });
    },
    async evaluate(run, ...args) {
      const expression = `(async () => JSON.stringify(await (${run})(...${JSON.stringify(args)})))()`;
      const answer = await ask<{ type: string; result: { value?: string }; exceptionDetails?: { text: string } }>(
        'script.evaluate',
        { expression, target: { context }, awaitPromise: true },
      );
      if (answer.type !== 'success') throw new Error(answer.exceptionDetails?.text);
      return answer.result.value === undefined ? undefined : JSON.parse(answer.result.value);
    },
    move: (...points) => perform(actions.move(points)),
    click: (x, y) => perform(actions.click(x, y)),
    wheel: (x, y, by) => perform(actions.wheel(x, y, by)),
    press: (...keys) => perform(actions.press(keys)),
    async resize(width, height) {
      await ask('browsingContext.setViewport', { context, viewport: { width, height } });
    },
    async picture() {
      const { data } = await ask<{ data: string }>('browsingContext.captureScreenshot', { context });
      return Buffer.from(data, 'base64');
    },
    async close() {
      await ask('browsingContext.close', { context, promptUnload: true });
    },
  };
}

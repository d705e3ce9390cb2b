// `doctor`: the command line tool looks at pages of a real page server, with the built server beside it, and says why nothing is recorded.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { filesBelow, silhouette, startServer } from '../fixtures/server.ts';
import { Visitor } from '../fixtures/visitor.ts';

const SITE = 'https://shop.example';

/** What is served at each path: HTML with these headers, or a redirect. */
type Pages = Record<string, { html?: string; headers?: Record<string, string>; status?: number }>;

/** Resolves to its origin. */
async function servePages(pages: Pages): Promise<string> {
  const server = createServer((request, response) => {
    const { html = '', headers = {}, status = 200 } = pages[request.url ?? ''] ?? { status: 404 };
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function setUp(settings: Record<string, string> = {}) {
  const dataDir = `${temporaryFolder()}/data`;
  const server = await startServer(dataDir, settings);
  const tag = `<!doctype html><head><script defer src="${server.origin}/tracker.js"></script></head><body>Lamps`;
  const look = async (page: string, more?: Record<string, string>) => {
    const { code, stdout, stderr } = await silhouette(dataDir, ['doctor', page], more);
    const lines = stdout.trimEnd().split('\n');
    return { code, stderr, stdout, problems: lines.filter((line) => line.startsWith('problem')) };
  };
  return { dataDir, server, tag, look };
}

it('says that all is well, when something was recorded last and what was refused, and stores nothing', async () => {
  const { dataDir, server, tag, look } = await setUp();
  const site = await servePages({ '/': { html: tag }, '/old': { status: 301, headers: { location: '/' } } });
  const fresh = await look(`${site}/`);
  expect(fresh).toMatchObject({ code: 0, stderr: '', problems: [] });
  expect(fresh.stdout).toContain('has no session yet');
  expect(await (await server.get('/replay/sessions')).json()).toMatchObject({ total: 0 });
  expect(filesBelow(dataDir).filter((path) => path.startsWith('sessions/'))).toEqual([]);

  await new Visitor(() => server.origin).send();
  const later = await look(`${site}/old`);
  expect(later).toMatchObject({ code: 0, problems: [] });
  for (const words of [
    `/old leads to ${site}/, which can be fetched.`,
    'The script tag is in the HTML',
    `${server.origin}/tracker.js is the tracker.`,
    'The server is up',
    `Batches of ${site} are taken`,
    '2 × batches that are none by the format (each run of this command adds one)',
    'The newest session began',
    `No session there saw ${site}/.`,
  ])
    expect(later.stdout).toContain(words);
  expect(later.stdout).not.toContain(server.key);
});

it('names each thing that is wrong, and only those', async () => {
  const { server, tag, look } = await setUp({ ALLOWED_ORIGINS: SITE });
  const site = await servePages({
    '/none': { html: '<p>Lamps' },
    '/policy': { html: tag, headers: { 'content-security-policy': "default-src 'self'" } },
    '/moved': { html: tag.replace('/tracker.js', '/js/tracker.js') },
    '/page': { html: tag.replace(/src="[^"]*"/, 'src="/page/tracker.js"') },
    '/page/tracker.js': { html: '<p>Every path is this page' },
    '/loop': { status: 302, headers: { location: '/loop' } },
  });
  const refused = `does not record ${site}: add it to the setting ALLOWED_ORIGINS`;
  const cases: [string, string[]][] = [
    ['/none', ['no script tag of the tracker', refused]],
    [
      '/policy',
      ['does not let the tracker load: add a script-src', 'does not let it send: add a connect-src', refused],
    ],
    ['/moved', ['answers 404: the script is not there', 'as no Silhouette does', 'as no Silhouette does']],
    ['/page', ['is a page, not a script', 'as no Silhouette does', 'as no Silhouette does']],
    ['/loop', ['is redirected more than 5 times']],
    ['/gone', ['answers 404']],
  ];
  for (const [path, words] of cases) {
    const { code, problems, stdout } = await look(site + path);
    expect([path, code, problems.length, stdout]).toEqual([path, 1, words.length, stdout]);
    for (const [i, part] of words.entries()) expect(problems[i]).toContain(part);
  }
  const counters = ((await (await server.get('/health')).json()) as { counters: Record<string, number> }).counters;
  expect(counters).not.toHaveProperty('origin');
});

it('looks from afar with SILHOUETTE_SERVER, shows the key to no server that a page names, and tells a server that is away', async () => {
  const { server, tag, look } = await setUp();
  const asked: string[] = [];
  const other = createServer((request, response) => {
    asked.push(JSON.stringify(request.headers));
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => other.close(() => resolve())));
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const site = await servePages({ '/': { html: tag }, '/elsewhere': { html: tag.replace(server.origin, elsewhere) } });
  const settings = { DATA_DIR: temporaryFolder(), SILHOUETTE_SERVER: server.origin, API_KEY: server.key };
  expect(await look(`${site}/`, settings)).toMatchObject({ code: 0, problems: [] });
  const away = await look(`${site}/elsewhere`, settings);
  expect(away.code).toBe(1);
  expect(away.stdout).toContain(`what follows is of ${server.origin}`);
  expect(asked.length).toBeGreaterThan(2);
  expect(asked.join()).not.toContain(server.key);
  const wrong = await look(`${site}/`, { ...settings, API_KEY: 'another-key-of-nobody' });
  expect(wrong.problems).toEqual([expect.stringContaining('API_KEY must be that of this server')]);

  await server.stop('SIGKILL');
  const down = await look(`${site}/`);
  expect(down.problems.every((line) => line.includes('ECONNREFUSED'))).toBe(true);
  expect(down.stdout).toContain('set SILHOUETTE_SERVER and API_KEY');
});

// The app: a request and its ports become a response, on every runtime alike. Here alone errors become responses.
import { type Context, Hono } from 'hono';
import { compress } from 'hono/compress';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { isImportedId } from '../format/key.ts';
import { ANSWER_HEADERS } from './answer-headers.ts';
import { type Access, ApiKey, expectScope } from './api-key.ts';
import { Audit } from './audit.ts';
import { Bodies } from './bodies.ts';
import { CatalogWriter } from './catalog-writer.ts';
import { clipSession } from './clip-session.ts';
import { answerBatch, answerPreflight } from './collect-route.ts';
import { answerCommand } from './commands.ts';
import type { App, AppOptions, Env } from './context.ts';
import { Counters } from './counters.ts';
import { eraseSessions, expectComplete, retention } from './erase.ts';
import { serveFiles } from './files.ts';
import { KeyGuesses } from './key-guesses.ts';
import { listFacets } from './list-facets.ts';
import { listSessions } from './list-sessions.ts';
import { type Known, type Ports, StoreUnavailable, type Writer } from './ports.ts';
import { Problem, problemOf } from './problem.ts';
import { Bucket, CLIENT_BATCHES, CLIENT_SESSIONS, RateLimit, Recent } from './rate-limit.ts';
import { readKept, type WholeSession, wholeText } from './read-session.ts';
import { parseAsked } from './session-part.ts';
import { expectShared, serveShares } from './share-routes.ts';
import { mark, unmark } from './watched.ts';

type Here = Context<Env>;

const COLLECT = /^https?:\/\/[^/]*\/collect(\?|$)/;
/** Of one address there are as many answers as there are keys. */
const BY_KEY = 'authorization, x-api-key';

/** `writer`: where this process is not the only one that writes the catalog, that platform's own. */
export function createApp(ports: Ports, options: AppOptions, writer: Writer = new CatalogWriter(ports)): App {
  const hono = new Hono<Env>();
  const counters = options.counters ?? new Counters();
  const app: App = {
    ports,
    options,
    writer,
    counters,
    audit: new Audit(ports, { ...options, counters, pause: options.auditPause }),
    clientLimits: options.clientLimits ?? {
      batches: new RateLimit(() => new Bucket(CLIENT_BATCHES)),
      sessions: new RateLimit(() => new Recent(CLIENT_SESSIONS)),
    },
    bodies: new Bodies(),
    keptSince: retention(ports.clock, options.retentionDays),
    fetch: (request, client) =>
      request.method === 'POST' && COLLECT.test(request.url)
        ? answerBatch(app, request, client)
        : hono.fetch(request, { client }),
  };
  const key = new ApiKey(options.apiKey, ports, options.background);
  const guesses = new KeyGuesses();
  const accessOf = async (c: Here) => {
    c.header('vary', BY_KEY);
    const { address } = c.env.client;
    const given = keyHeaders(c.req.raw);
    if (options.rateLimits && given !== '') waitFor(guesses.wait(address, ports.clock.now()));
    const access = await key.check(c.req.raw);
    if (access === 'wrong') {
      counters.add('wrong_key');
      if (options.rateLimits) waitFor(await guesses.noteWrong(address, given, ports.clock.now()));
    } else if (access !== 'none') guesses.noteRight(address, ports.clock.now());
    return access;
  };

  hono.use(async (c, next) => {
    const began = performance.now();
    await next();
    const ms = Math.round(performance.now() - began);
    const line = { method: c.req.method, route: c.req.routePath, status: c.res.status, ms };
    options.log(c.error ? { ...line, reason: problemOf(c.error).reason, error: c.error } : line);
  });
  hono.use(answerHeaders);
  hono.onError((error, c) => {
    const problem = problemOf(error);
    if (problem.status !== 401) app.counters.add(problem.reason);
    return answerWith(c, problem);
  });
  hono.notFound((c) => answerWith(c, new Problem(404, 'path', 'there is nothing here')));

  hono.options('/collect', (c) => answerPreflight(app, c.req.raw, c.env.client));
  serveFiles(hono, app);
  hono.get('/health', async (c) => health(c, app, await accessOf(c)));

  const reading = async (c: Here, next: () => Promise<void>) => {
    const access = await accessOf(c);
    if (typeof access === 'string') throw noKey();
    // What a command needs, it says itself.
    if (access.share) expectShared(access, c);
    else if (c.req.path !== '/replay/commands') {
      // To take back a share, or a mark of one's own, erases nothing.
      const isOwn = /^\/replay\/(shares\/|sessions\/[^/]+\/watched$)/.test(c.req.path);
      expectScope(access, c.req.method === 'DELETE' && !isOwn ? 'erase' : 'read');
    }
    c.set('access', access);
    await next();
  };
  const paths = ['facets', 'sessions', 'sessions/*', 'visitors/*', 'commands', 'shares', 'shares/*', 'shared'];
  for (const path of paths) hono.use(`/replay/${path}`, reading);
  // Events are much alike: a long session is a fiftieth of itself on the wire.
  hono.use('/replay/sessions/:id', compress({ encoding: 'gzip' }));
  const inTurn = <T>(work: () => Promise<T>) => options.readings?.inTurn(work) ?? work();
  hono.get('/replay/sessions', async (c) => {
    const { name } = c.get('access');
    return c.json(await inTurn(() => listSessions(app, new URL(c.req.url).searchParams, name)));
  });
  hono.get('/replay/facets', async (c) => {
    const { name, scopes } = c.get('access');
    const facets = await inTurn(() => listFacets(app, new URL(c.req.url).searchParams, name));
    return c.json({ ...facets, scopes });
  });
  for (const [method, change] of [
    ['PUT', mark],
    ['DELETE', unmark],
  ] as const) {
    hono.on(method, '/replay/sessions/:id/watched', async (c) => {
      const session_id = idOf(c, 'id');
      const known = await ports.catalog.known(session_id);
      if (!known.record) throw absent(known);
      await change(ports, { person: c.get('access').name, session_id });
      return c.json({ session_id, watched: method === 'PUT' });
    });
  }
  hono.get('/replay/sessions/:id', async (c) => {
    const id = idOf(c, 'id');
    const { at, from } = parseAsked(new URL(c.req.url).searchParams);
    const whole = await inTurn(async () => {
      options.readings?.makeRoom();
      const { share } = c.get('access');
      return share ? clipSession(await wholeOf(app, id), share) : wholeOf(app, id, at);
    });
    app.audit.note({ key: c.get('access').name, act: 'read', session_id: id });
    // A HEAD takes nothing of it.
    const text = c.req.raw.method === 'HEAD' ? '' : wholeText(whole, options.readings, from);
    return c.body(text, 200, { 'content-type': 'application/json' });
  });
  hono.delete('/replay/sessions/:id', async (c) => {
    const id = idOf(c, 'id');
    const receipt = await erase(app, [id]);
    if (!receipt) throw absent(await ports.catalog.known(id));
    app.audit.note({ at: receipt.at, key: c.get('access').name, act: 'erase', session_id: id });
    return c.json(receipt);
  });
  hono.delete('/replay/visitors/:visitor_id', async (c) => {
    const visitor = idOf(c, 'visitor_id');
    await expectComplete(ports.catalog);
    await app.writer.flush();
    const receipt = await erase(app, await ports.catalog.visitor(visitor));
    if (!receipt) throw unknownSession();
    const { at, erased } = receipt;
    app.audit.note({ at, key: c.get('access').name, act: 'erase', sessions: erased.sessions, by: 'visitor' });
    return c.json(receipt);
  });
  serveShares(hono, app, async (id) => {
    const known = await ports.catalog.known(id);
    if (!known.record) throw absent(known);
  });
  hono.post('/replay/commands', (c) => answerCommand(app, c.req.raw, c.get('access')));
  const methods: [string, string][] = [
    ['/', 'GET, HEAD'],
    ['/collect', 'POST, OPTIONS'],
    ['/tracker.js', 'GET, HEAD, OPTIONS'],
    ['/replay', 'GET, HEAD'],
    ['/health', 'GET, HEAD'],
    ['/replay/sessions', 'GET, HEAD'],
    ['/replay/sessions/:id', 'GET, HEAD, DELETE'],
    ['/replay/sessions/:id/watched', 'PUT, DELETE'],
    ['/replay/facets', 'GET, HEAD'],
    ['/replay/visitors/:visitor_id', 'DELETE'],
    ['/replay/commands', 'POST'],
    ['/replay/shares', 'GET, HEAD, POST'],
    ['/replay/shares/:id', 'DELETE'],
    ['/replay/shared', 'GET, HEAD'],
  ];
  if (options.assets.demo) methods.push(['/demo/*', 'GET, HEAD']);
  for (const [path, allow] of methods) {
    hono.all(path, (c) => {
      c.header('allow', allow);
      return answerWith(c, new Problem(405, 'method', `allowed here: ${allow}`));
    });
  }
  return app;
}

// Headers are set before the handler runs: a response made with them is cheaper than one that is changed.
async function answerHeaders(c: Here, next: () => Promise<void>): Promise<void> {
  for (const [name, value] of Object.entries(ANSWER_HEADERS)) c.header(name, value);
  await next();
}

async function health(
  c: Here,
  { ports, options, counters }: App,
  access: Access | 'wrong' | 'none',
): Promise<Response> {
  if (access === 'wrong') throw noKey();
  const stores = ['hot', 'objects', 'catalog'] as const;
  const answers = await Promise.allSettled(stores.map((store) => ports[store].probe()));
  const failing = stores.filter((_, i) => answers[i]!.status === 'rejected');
  const more = access !== 'none' && access.scopes.includes('read') ? { counters: await counters.read() } : {};
  if (failing.length === 0 && !options.stopping()) return c.json({ status: 'ok', ...more });
  const detail = failing.map((store) => `the ${store} store does not answer`).join(', ') || 'the server is stopping';
  return answerWith(c, new Problem(503, 'health', detail, 5, more));
}

/** Null: there is none of these. */
async function erase(app: App, ids: string[]) {
  const receipt = await eraseSessions(app, ids, 'erased', app.options.sessionsAtOnce);
  return receipt.erased.sessions > 0 ? receipt : null;
}

/** Throws where there is no such session. */
async function wholeOf(app: App, id: string, at?: number): Promise<WholeSession> {
  const whole = await readKept(app, id, at);
  if (whole) return whole;
  const known = await app.ports.catalog.known(id);
  if (!known.record) throw absent(known);
  // It is expired; or its row has come since, with an index that is rebuilt.
  const again = await readKept(app, id, at);
  if (!again) throw unknownSession();
  return again;
}

/** While the index is rebuilt nobody can say that there is no such session; nor where its row has come since. */
function absent({ erased_at, record, lacks }: Known): Error {
  return erased_at === null && (record || lacks !== 'nothing') ? new StoreUnavailable('catalog') : unknownSession();
}

/** A path parameter as an id. What cannot be an id names no session. */
function idOf(c: Here, name: string): string {
  const id = c.req.param(name);
  if (!isImportedId(id)) throw unknownSession();
  return id;
}

function answerWith(c: Here, problem: Problem): Response {
  const { body, headers } = problem.toAnswer();
  return c.body(body, problem.status as ContentfulStatusCode, headers);
}

/** All that a request brings as a key. */
function keyHeaders({ headers }: Request): string {
  return [headers.get('x-api-key'), headers.get('authorization')].filter((given) => given !== null).join('\n');
}

function waitFor(seconds: number): void {
  if (seconds > 0)
    throw new Problem(429, 'key_guesses', 'too many different keys were wrong; try again later', seconds);
}

/** The same for a key that is missing, wrong, revoked or expired. */
function noKey(): Problem {
  return new Problem(401, 'key', 'send the key as X-API-Key, or as Authorization: Bearer');
}

function unknownSession(): Problem {
  return new Problem(404, 'session', 'there is no such session');
}

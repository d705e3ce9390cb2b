// Share links over HTTP: made, listed and taken away by who reads, and read by whoever has one. Called by app.ts.
import type { Context, Hono } from 'hono';
import { type Fields, object } from '../format/field.ts';
import { FormatError } from '../format/format-error.ts';
import { isImportedId } from '../format/key.ts';
import type { Access } from './api-key.ts';
import { parseRange } from './clip-session.ts';
import type { App, Env } from './context.ts';
import { Problem } from './problem.ts';
import { createShare, isShareId, revokeShare, SHARE_MS, type Share, sharesOf } from './shares.ts';

type Here = Context<Env>;

/** Characters of a body that asks for a share. */
const BODY_MAX = 4096;

/** `expectSession` throws where there is none of this id. */
export function serveShares(hono: Hono<Env>, app: App, expectSession: (id: string) => Promise<void>): void {
  const { ports, audit } = app;
  hono.get('/replay/shared', (c) => {
    const { share } = c.get('access');
    if (!share) throw new Problem(403, 'scope', 'a share link is needed for this');
    const { session_id, from, to, expires_at } = share;
    return c.json({ session_id, from, to, expires: new Date(expires_at).toISOString() });
  });
  hono.post('/replay/shares', async (c) => {
    const wanted = wantedOf(await bodyOf(c.req.raw));
    const { name: by, id: key_id } = c.get('access');
    const expires_at = ports.clock.now() + wanted.expires_in;
    await expectSession(wanted.session_id);
    const { session_id, from, to } = wanted;
    const { share, token } = await createShare(ports, { session_id, from, to, expires_at, by, key_id });
    if ((await ports.catalog.erasedAt(session_id)) !== null) {
      // It was erased meanwhile, and with it the shares that there were.
      await revokeShare(ports, share.id);
      await expectSession(session_id);
    }
    audit.note({ key: by, act: 'create_share', session_id, name: share.id });
    return c.json({ ...shown(share), token, address: `/replay#share=${token}` }, 201);
  });
  hono.get('/replay/shares', async (c) => {
    const id = c.req.query('session_id');
    if (!isImportedId(id)) throw new Problem(400, 'query', 'session_id must be the id of a session');
    return c.json({ shares: (await sharesOf(ports, id)).map(shown) });
  });
  hono.delete('/replay/shares/:id', async (c) => {
    const id = c.req.param('id');
    const revoked = isShareId(id) ? await revokeShare(ports, id) : null;
    if (!revoked) throw new Problem(404, 'share', 'there is no such share link');
    audit.note({ key: c.get('access').name, act: 'revoke_share', session_id: revoked.session_id, name: id });
    return c.json({ revoked: id });
  });
}

/** Throws Problem 403 for what a share link does not open: all but its own session, and what it says of itself. */
export function expectShared({ share }: Access, c: Here): void {
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
  const opened = ['/replay/shared', `/replay/sessions/${share?.session_id}`];
  if (!isRead || !opened.includes(c.req.path))
    throw new Problem(403, 'scope', 'a share link opens its own session alone');
}

/** Times in ISO 8601, but those of the range in epoch ms, as those of events. */
function shown({ id, session_id, from, to, created_at, expires_at, by }: Share) {
  const [created, expires] = [created_at, expires_at].map((at) => new Date(at).toISOString());
  return { id, session_id, from, to, created, expires, by };
}

async function bodyOf(request: Request): Promise<Fields> {
  const decoder = new TextDecoder();
  const reader = request.body?.getReader();
  let text = '';
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    text += decoder.decode(part.value, { stream: true });
    if (text.length > BODY_MAX) throw new Problem(413, 'body_size', `body must be at most ${BODY_MAX} characters`);
  }
  try {
    return object(JSON.parse(text), 'body');
  } catch {
    throw new Problem(400, 'format', 'body must be an object as JSON');
  }
}

/** Throws Problem 400 that names the field. */
function wantedOf(fields: Fields) {
  try {
    return parseWanted(fields);
  } catch (error) {
    throw error instanceof FormatError ? new Problem(400, 'format', error.message) : error;
  }
}

function parseWanted({ session_id, from, to, expires_in = SHARE_MS.usual / 1000 }: Fields) {
  const { least, most } = SHARE_MS;
  if (!isImportedId(session_id)) throw new FormatError('session_id', 'must be the id of a session');
  if (typeof expires_in !== 'number' || !(expires_in * 1000 >= least && expires_in * 1000 <= most))
    throw new FormatError('expires_in', `must be seconds from ${least / 1000} to ${most / 1000}`);
  return { session_id, ...parseRange({ from, to }), expires_in: Math.round(expires_in * 1000) };
}

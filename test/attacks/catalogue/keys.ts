// Attacks on keys: without one, with a wrong, a weak, a revoked one, and with a right one in the wrong place. Run by http.test.ts.
import { expect } from 'vitest';
import { WRONG_KEYS_MAX } from '../../../src/server/key-guesses.ts';
import { makeKey, type Scope } from '../../../src/server/keys.ts';
import { batch } from '../../fixtures/outsider.ts';
import type { Answer } from '../ask.ts';
import { echoesNothing, expectStored, keptNothing, status } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { collect, reading } from '../sent.ts';
import type { Target } from '../target.ts';

const LIST = '/replay/sessions';
const GUESSES = 1000;

/** A key that the owner made, under this name. */
async function createKey(
  target: Target,
  name: string,
  scopes: Scope[],
  expires_at: number | null = null,
): Promise<string> {
  const { key, id, digest } = await makeKey();
  const [reply] = await target.command({ name: 'create_key', key: { id, name, scopes, digest, expires_at } });
  expect(reply).toBeUndefined();
  return key;
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

export const KEYS: Attack[] = [
  {
    id: 'P096',
    name: 'without a key what is there and what is not are the same',
    run: async (target) => {
      const sent = collect('', batch());
      await target.post(sent);
      const told = async (path: string, headers = {}) => {
        const answer = await target.ask({ path, headers });
        const kept = [...answer.headers].filter(([name]) => name !== 'date');
        return JSON.stringify([answer.status, kept, answer.text]);
      };
      for (const headers of [{}, { 'x-api-key': 'wrong' }, bearer('wrong')]) {
        const texts = [sent.session, 'f'.repeat(32), 'none', '..%2f', ''].map((id) => told(`${LIST}/${id}`, headers));
        texts.push(told(LIST, headers), told('/replay/visitors/any', headers), told('/replay/commands', headers));
        expect(new Set(await Promise.all(texts)).size).toBe(1);
      }
    },
  },
  {
    id: 'P097',
    name: 'a key in an address, a body or a cookie is none',
    sends: ({ server: { key } }) => [
      reading(`${LIST}?api_key=${key}`),
      reading(`${LIST}?x-api-key=${key}&authorization=Bearer+${key}`),
      reading(LIST, undefined, { headers: { cookie: `x-api-key=${key}; api_key=${key}` } }),
      reading(LIST, undefined, { headers: { authorization: `Basic ${Buffer.from(`:${key}`).toString('base64')}` } }),
      reading(LIST, undefined, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `api_key=${key}`,
      }),
      reading('/replay/commands', undefined, {
        method: 'POST',
        body: JSON.stringify({ name: 'list_keys', api_key: key }),
      }),
      reading(LIST, undefined, { headers: { 'sec-websocket-protocol': key, 'proxy-authorization': `Bearer ${key}` } }),
    ],
    expect: [status(401), echoesNothing],
  },
  {
    id: 'P098',
    name: 'a key that is almost right is wrong',
    sends: ({ server: { key } }) =>
      [
        `${key}%20`,
        `${key}%00`,
        `${key}\u00a0`,
        `${key} x`,
        `"${key}"`,
        `${key},`,
        `${key}, ${key}`,
        key.toUpperCase() === key ? key.toLowerCase() : key.toUpperCase(),
        key.slice(1),
        key.slice(0, -1),
        `${key}${key}`,
        Buffer.from(key).toString('base64'),
        [...key]
          .map((sign) => (sign === 'a' ? '\u00aa' : sign))
          .join('')
          .replace(/^./, '\u00df'),
        '',
        'undefined',
        'null',
        '[object Object]',
      ].flatMap((wrong) => [
        reading(LIST, undefined, { as: `x-api-key: ${wrong}`, headers: { 'x-api-key': wrong } }),
        reading(LIST, undefined, { as: `bearer ${wrong}`, headers: bearer(wrong) }),
      ]),
    expect: [status(401), echoesNothing],
  },
  {
    id: 'P100',
    name: 'a key that reads gives no right to record where an origin has none',
    on: 'strict',
    sends: ({ server: { key } }) =>
      [{ 'x-api-key': key }, bearer(key)].map((headers) =>
        collect('with the key', batch(), { headers: { origin: 'https://evil.test', ...headers } }),
      ),
    expect: [status(403), keptNothing],
  },
  {
    id: 'P102',
    name: 'a key that is revoked, or has run out, is refused by the next request',
    run: async (target) => {
      const key = await createKey(target, 'poller', ['read']);
      const ask = async (path = LIST, as = key) => (await target.ask({ path, headers: bearer(as) })).status;
      for (let i = 0; i < 3; i++) expect(await ask()).toBe(200);
      await target.command({ name: 'revoke_key', key_name: 'poller' });
      for (const path of [LIST, `${LIST}/any`, '/health', '/replay/commands'])
        expect([path, await ask(path)]).toEqual([path, 401]);
      const short = await createKey(target, 'short', ['read'], Date.now() + 300);
      await expect.poll(() => ask(LIST, short), { interval: 20 }).toBe(401);
    },
  },
  {
    id: 'P103',
    name: 'whoever tries one key after the other is held back, is counted, and costs nobody else',
    run: async (target) => {
      const counted = async () => {
        const { counters } = (await target.get('/health')).json;
        return [counters.wrong_key ?? 0, counters.key_guesses ?? 0];
      };
      const [wrong, held] = await counted();
      const guesser = target.stranger();
      const ask = (headers: Record<string, string>) => target.ask({ path: LIST, headers });
      const answers: Answer[] = [];
      for (let i = 0; i < GUESSES; i++) answers.push(await ask({ ...guesser, 'x-api-key': `guess-${i}-of-a-key` }));
      expect(answers.map(({ status }) => status)).toEqual([
        ...Array(WRONG_KEYS_MAX).fill(401),
        ...Array(GUESSES - WRONG_KEYS_MAX).fill(429),
      ]);
      for (const { headers } of answers.slice(WRONG_KEYS_MAX)) expect(headers.get('retry-after')).toMatch(/^\d+$/);
      // He would not learn it from there if one were right; others are heard, and he may go on to record.
      expect((await ask({ ...guesser, 'x-api-key': target.server.key })).status).toBe(429);
      expect((await ask({ ...target.stranger(), 'x-api-key': target.server.key })).status).toBe(200);
      expect((await ask({ ...target.stranger(), 'x-api-key': 'wrong' })).status).toBe(401);
      expect((await target.post(collect('', batch(), { headers: guesser }))).status).toBe(202);
      expect(await counted()).toEqual([wrong + WRONG_KEYS_MAX + 1, held + GUESSES - WRONG_KEYS_MAX + 1]);
    },
  },
  {
    id: 'P105',
    name: 'a key that comes twice is taken for none, even where one is right',
    sends: ({ server: { key } }) => [
      reading(LIST, undefined, { as: 'right, wrong', headers: { 'x-api-key': [key, 'wrong'] } }),
      reading(LIST, undefined, { as: 'wrong, right', headers: { 'x-api-key': ['wrong', key] } }),
      reading(LIST, undefined, {
        as: 'bearer: right, wrong',
        headers: { authorization: [`Bearer ${key}`, 'Bearer wrong'] },
      }),
      reading(LIST, undefined, {
        as: 'bearer: wrong, right',
        headers: { authorization: ['Bearer wrong', `Bearer ${key}`] },
      }),
      reading(LIST, undefined, { as: 'right here, wrong there', headers: { 'x-api-key': key, ...bearer('wrong') } }),
      reading(LIST, undefined, { as: 'right here, empty there', headers: { 'x-api-key': key, authorization: '' } }),
      reading(LIST, undefined, {
        as: 'right here, another kind there',
        headers: { 'x-api-key': key, authorization: `Basic ${key}` },
      }),
    ],
    expect: [status(400, 401), echoesNothing],
    run: async (target) => {
      const sent = collect('', batch());
      await target.post(sent);
      await expectStored(target, sent.session!, sent.good!);
    },
  },
];

// Attacks on the form of a body: broken, deep, huge or misleading JSON. Run by http.test.ts.
import { gzipSync } from 'node:zlib';
import { BATCH_EVENTS_MAX, BODY_BYTES_MAX } from '../../../src/format/limits.ts';
import { batch, click } from '../../fixtures/outsider.ts';
import { echoesNothing, either, exact, holdsUpNothing, keptNothing, status, weighsLittle } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { collect, type Event, type Sent, withText } from '../sent.ts';

const refused = [status(400), keptNothing, echoesNothing];
const GZIPPED = { headers: { 'content-encoding': 'gzip' } };

/** The same body many times over, and the one it is when it has come whole. */
const raw = (texts: readonly (string | Uint8Array)[]): Sent[] =>
  texts.map((text) => collect(String(text).slice(0, 40), text));

/** What stands in a hole that JSON.stringify would not make. */
const literal = (puts: readonly string[], field: string): Sent[] =>
  puts.map((put) => withText(put, { [field]: 'HOLE' }, '"HOLE"', put));

export const JSON_FORM: Attack[] = [
  {
    id: 'P014',
    name: 'no body is no batch',
    sends: () => raw(['', ' ', '\r\n', 'null', '0', '""', '[]', '{}']),
    expect: refused,
  },
  {
    id: 'P015',
    name: 'a torn body is refused, wherever it tears',
    sends: () => {
      const text = JSON.stringify(batch());
      const at = [1, 2, 9, 40, text.length >> 1, text.length - 1];
      return raw(['{', '[', '"', '{"v":1', ...at.map((length) => text.slice(0, length)), `${text}}`, `,${text}`]);
    },
    expect: refused,
  },
  {
    id: 'P016',
    name: 'a body that is nested deeply is refused without a pause',
    sends: () => {
      const nest = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);
      const deep = nest('[', ']', 100_000);
      const within = JSON.stringify(batch({ events: 'HOLE' }));
      return [
        collect('lists', deep),
        collect('objects', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`),
        collect('as events', within.replace('"HOLE"', deep)),
        collect('as an event', within.replace('"HOLE"', `[${deep}]`)),
        collect('as packed', JSON.stringify(batch({ events: undefined, packed: 'HOLE' })).replace('"HOLE"', deep)),
      ];
    },
    expect: [...refused, holdsUpNothing],
  },
  {
    id: 'P023',
    name: 'a byte order mark spoils a body or is overlooked',
    sends: () => {
      const body = batch();
      const text = JSON.stringify(body);
      const known = collect('', body);
      const { session, good } = known as { session: string; good: Event[] };
      return [
        collect('UTF-8', `\ufeff${text}`, { session, good }),
        collect('twice', `\ufeff\ufeff${JSON.stringify(batch())}`),
        collect('UTF-16', new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))),
      ];
    },
    expect: [either(exact, (seen) => status(400)(seen))],
  },
  {
    id: 'P024',
    name: 'what JSON does not know is refused, though programs write it',
    sends: () => [
      ...raw(['NaN', 'undefined', 'Infinity', "{'v':1}", '{v:1}', '/**/{}', '{"v":1,}', '\u00a0{}', 'v=1&events=[]']),
      ...literal(['NaN', 'Infinity', '-Infinity', '0x10', '010', '+1', '.5', '1.', '1_000', '--1', 'undefined'], 'x'),
    ],
    expect: refused,
  },
  {
    id: 'P026',
    name: 'a batch of as many events as there may be is kept whole',
    sends: () => [
      collect('the most', { ...batch(), events: Array.from({ length: BATCH_EVENTS_MAX }, (_, x) => click({ x })) }),
    ],
    expect: [exact],
  },
  {
    id: 'P027',
    name: 'a body of countless small things is refused, held in little memory',
    sends: () => {
      const small = (thing: string, bytes = BODY_BYTES_MAX) => {
        const count = Math.floor((bytes - 2) / (thing.length + 1));
        return `[${Array(count).fill(thing).join()}]`;
      };
      const zip = (text: string) => new Uint8Array(gzipSync(text));
      return ['{}', '0', '""', '[]', '{"a":{}}'].flatMap((thing) => [
        collect(`plain ${thing}`, small(thing)),
        collect(`gzip ${thing}`, zip(small(thing)), GZIPPED),
        collect(
          `as events ${thing}`,
          zip(JSON.stringify(batch({ events: 0 })).replace('"events":0', `"events":${small(thing, 1_048_000)}`)),
          GZIPPED,
        ),
      ]);
    },
    expect: [status(400, 413), keptNothing, weighsLittle(64), holdsUpNothing],
  },
  {
    id: 'P028',
    name: 'two bodies in one are none',
    sends: () => {
      const text = () => JSON.stringify(batch());
      return raw([
        `${text()}\n${text()}`,
        `${text()}\n${text()}\n`,
        `[${text()},${text()}]`,
        `\x1e${text()}\n`,
        `${text()}\0`,
      ]);
    },
    expect: refused,
  },
];

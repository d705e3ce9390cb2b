// Attacks by size and by packing: bodies that are too large, unpack to too much, are packed wrongly or not as they say. Run by http.test.ts.
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { BODY_BYTES_MAX, WIRE_BYTES_MAX } from '../../../src/format/limits.ts';
import { batch, click } from '../../fixtures/outsider.ts';
import { echoesNothing, exact, holdsUpNothing, keptNothing, status, weighsLittle } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { collect, type Event, type Sent } from '../sent.ts';

const MIB = 2 ** 20;
const zip = (data: string | Uint8Array) => new Uint8Array(gzipSync(data));
const packed = (as: string, body: Uint8Array, encoding = 'gzip', more: Partial<Sent> = {}): Sent =>
  collect(as, body, { headers: { 'content-encoding': encoding }, ...more });
const valid = () => JSON.stringify(batch());

/** A valid body of exactly this many bytes, and what is read back of it. */
function filled(bytes: number, count = 2): { text: string; more: Partial<Sent> } {
  const body = batch({ events: Array.from({ length: count }, (_, x) => click({ x })) });
  const text = JSON.stringify(body);
  const { session, good } = collect('', body) as { session: string; good: Event[] };
  return { text: `${text.slice(0, -1)}${' '.repeat(bytes - text.length)}}`, more: { session, good } };
}

/** gzip of a body with something done to its last eight bytes: the sum of the data, then its length. */
function withTrailer(change: (trailer: Uint8Array) => void): Uint8Array {
  const bytes = zip(valid());
  change(bytes.subarray(-8));
  return bytes;
}

export const SIZE: Attack[] = [
  {
    id: 'P029',
    name: 'a body of one byte too many is refused, counted or not',
    sends: () => {
      const over = `${filled(WIRE_BYTES_MAX).text} `;
      return [
        collect('announced', over),
        collect('in pieces', over, { headers: { 'transfer-encoding': 'chunked' } }),
        collect('twice as much', over + over),
        packed('packed', zip(Buffer.from(Array.from({ length: 300_000 }, () => Math.random() * 256)))),
        packed(
          'packed, in pieces',
          zip(Buffer.from(Array.from({ length: 300_000 }, () => Math.random() * 256))),
          'gzip',
          {
            headers: { 'content-encoding': 'gzip', 'transfer-encoding': 'chunked' },
          },
        ),
      ];
    },
    expect: [status(413), keptNothing, echoesNothing],
  },
  {
    id: 'P033',
    name: 'a body that unpacks to a hundred megabytes is not unpacked',
    sends: () => {
      const zeros = zip(new Uint8Array(100 * MIB));
      const spaces = zip(new Uint8Array(100 * MIB).fill(32));
      return [
        packed('zeros', zeros),
        packed('spaces', spaces),
        packed('twice', zip(zeros)),
        packed('many members', Buffer.concat(Array(2000).fill(zip(' '.repeat(1000))))),
      ];
    },
    expect: [status(400, 413), keptNothing, weighsLittle(16), holdsUpNothing],
  },
  {
    id: 'P034',
    name: 'a packed body of exactly as much as there may be is kept whole',
    sends: () => {
      const { text, more } = filled(BODY_BYTES_MAX, 1000);
      return [packed('to the byte', zip(text), 'gzip', more)];
    },
    expect: [exact],
  },
  {
    id: 'P035',
    name: 'a packed body whose sum, length or end is wrong is refused whole',
    sends: () => [
      packed(
        'sum',
        withTrailer((trailer) => (trailer[0]! ^= 1)),
      ),
      packed(
        'length',
        withTrailer((trailer) => (trailer[4]! ^= 1)),
      ),
      packed('no length', zip(valid()).slice(0, -4)),
      packed('no trailer', zip(valid()).slice(0, -8)),
      packed('half', zip(valid()).slice(0, 150)),
      packed('head alone', zip(valid()).slice(0, 10)),
      packed('nothing', new Uint8Array()),
      packed(
        'another method',
        zip(valid()).map((byte, i) => (i === 2 ? 7 : byte)),
      ),
    ],
    expect: [status(400), keptNothing],
  },
  {
    id: 'P036',
    name: 'a packed body with something behind it is refused',
    sends: () =>
      ['garbage', '\0', zip(valid()), zip(''), '\x1f\x8b'].map((behind) =>
        packed(String(behind).slice(0, 9), Buffer.concat([zip(valid()), Buffer.from(behind)])),
      ),
    expect: [status(400), keptNothing],
  },
  {
    id: 'P037',
    name: 'one way of packing is taken, once',
    sends: () => [
      packed('br', brotliCompressSync(valid()), 'br'),
      packed('deflate', deflateSync(valid()), 'deflate'),
      packed('raw deflate', deflateRawSync(valid()), 'deflate'),
      packed('zstd', zstdCompressSync(valid()), 'zstd'),
      packed('twice', zip(zip(valid())), 'gzip, gzip'),
      packed('twice, said once', zip(zip(valid()))),
      packed('in one another', zip(brotliCompressSync(valid())), 'br, gzip'),
      packed('an old name', zip(valid()), 'x-gzip'),
      packed('no name', zip(valid()), 'gzip;q=1'),
      packed('another kind of body', zip(valid()), 'gzip', {
        headers: { 'content-encoding': 'gzip', 'content-type': 'application/x-www-form-urlencoded' },
      }),
      packed('parts of a form', zip(valid()), 'gzip', {
        headers: { 'content-encoding': 'gzip', 'content-type': 'multipart/form-data; boundary=x' },
      }),
    ],
    expect: [status(400, 415), keptNothing],
  },
  {
    id: 'P038',
    name: 'a body is what its header says it is',
    sends: () => [
      collect('packed, said to be plain', zip(valid())),
      collect('packed, said to be itself', zip(valid()), { headers: { 'content-encoding': 'identity' } }),
      packed('plain, said to be packed', Buffer.from(valid())),
      packed('another packing', deflateSync(valid())),
    ],
    expect: [status(400), keptNothing],
  },
];

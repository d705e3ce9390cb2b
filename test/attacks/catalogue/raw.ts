// Attacks below HTTP: lengths that contradict each other, requests inside others, heads without end, what is no HTTP at all. Run by raw.test.ts.
import { expect } from 'vitest';
import { WIRE_BYTES_MAX } from '../../../src/format/limits.ts';
import { batch } from '../../fixtures/outsider.ts';
import { exchange, request } from '../raw.ts';
import type { Attack } from '../run.ts';
import { BROWSER, collect } from '../sent.ts';
import type { Target } from '../target.ts';

const POST = 'POST /collect HTTP/1.1';
const GET = 'GET /health HTTP/1.1';
/** What the server must not take for a request of its own. */
const HIDDEN = 'GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
const REFUSED = [400, 408, 413, 414, 431, 501, 505];
/** ms of work, and MiB, that a body may cost, however it is cut. */
const CPU_MS = 1000;
const MIB_MAX = 64;

/** One refusal at most, then the end; and nothing that came behind was taken for a request. */
async function expectCutOff(target: Target, sent: readonly (string | Uint8Array)[], statuses = REFUSED): Promise<void> {
  const from = target.server.output.stderr.length;
  const answer = await exchange(target.server.origin, sent, { open: true });
  const as = String(sent[0]).slice(0, 120);
  expect([as, answer.closed]).toEqual([as, true]);
  expect([as, answer.statuses.length <= 1]).toEqual([as, true]);
  for (const status of answer.statuses) expect([as, statuses]).toEqual([as, expect.arrayContaining([status])]);
  expect(answer.text).not.toMatch(/"session_id"|smuggled|nothing here/);
  expect(target.server.output.stderr.slice(from)).not.toMatch(/"status":(200|202|404)/);
}

export const RAW: Attack[] = [
  {
    id: 'P030',
    name: 'a body in pieces of one byte costs no more than another',
    run: async (target) => {
      const heads = [
        'Content-Type: text/plain',
        `User-Agent: ${BROWSER}`,
        'Transfer-Encoding: chunked',
        'Connection: close',
      ];
      const sent = collect('', batch());
      const text = String(sent.body);
      const bodies = [
        [`${text}${' '.repeat(WIRE_BYTES_MAX - text.length)}`, [202]],
        [`${text}${' '.repeat(WIRE_BYTES_MAX - text.length + 1)}`, [413]],
      ] as const;
      for (const [body, statuses] of bodies) {
        const pieces = [...body].map((byte) => `1\r\n${byte}\r\n`).join('');
        const { rss } = await target.look();
        const answer = await exchange(target.server.origin, [request(POST, heads), pieces, '0\r\n\r\n'], {
          open: true,
        });
        expect(answer.statuses).toEqual(statuses);
        const { cpu_ms, heaviest } = await target.look();
        expect(cpu_ms).toBeLessThan(CPU_MS);
        expect((heaviest - rss) / 2 ** 20).toBeLessThan(MIB_MAX);
      }
    },
  },
  {
    id: 'P031',
    name: 'a request whose length is told in two ways is none, and hides no other',
    run: async (target) => {
      const chunked = `a\r\n0123456789\r\n0\r\n\r\n${HIDDEN}`;
      for (const heads of [
        ['Content-Length: 10', 'Transfer-Encoding: chunked'],
        ['Transfer-Encoding: chunked', 'Content-Length: 10'],
        ['Content-Length: 10', 'Content-Length: 20'],
        ['Content-Length: 10, 20'],
        ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
        ['Transfer-Encoding: identity'],
        ['Transfer-Encoding: chunked, gzip'],
        ['Transfer-Encoding: xchunked'],
        ['Transfer-Encoding:\u000bchunked'],
        ['Transfer-Encoding : chunked'],
        ['Transfer-Encoding', 'chunked'],
        ['Content-Length: 10', 'Transfer-\u00c9ncoding: chunked', 'Transfer-Encoding: chunked'],
      ]) {
        await expectCutOff(target, [request(POST, heads), chunked]);
      }
      const large = 'x'.repeat(10 * 2 ** 20);
      await expectCutOff(target, [request(POST, ['Content-Length: 10', 'Transfer-Encoding: chunked']), large]);
      // Pieces that do not say truly how long they are.
      for (const pieces of [
        'g\r\nx\r\n',
        '-1\r\nx\r\n',
        '1 \r\nxx\r\n',
        '1;\n\r\nx\r\n',
        'fffffffffffffffff\r\nx',
        '0x1\r\nx\r\n',
        '1\r\nxx\r\n',
      ]) {
        await expectCutOff(target, [request(POST, ['Transfer-Encoding: chunked']), `${pieces}0\r\n\r\n${HIDDEN}`]);
      }
    },
  },
  {
    id: 'P032',
    name: 'a length is a whole number',
    run: async (target) => {
      for (const length of ['-1', '+5', '0x10', '1e3', '5.0', '5 5', '', 'five', '9'.repeat(30), '\u00b2']) {
        await expectCutOff(target, [request(POST, [`Content-Length: ${length}`]), `{}{}{}${HIDDEN}`]);
      }
    },
  },
  {
    id: 'P040',
    name: 'a head without end is cut off',
    run: async (target) => {
      const long = 'x'.repeat(64 * 1024);
      for (const sent of [
        request(`GET /${long} HTTP/1.1`, []),
        request(`${long} / HTTP/1.1`, []),
        request(`GET / ${long}`, []),
        request(GET, [`X-Long: ${long}`]),
        request(GET, [`${long}: x`]),
        request(
          GET,
          Array.from({ length: 3000 }, (_, i) => `X-${i}: ${'x'.repeat(20)}`),
        ),
        request(`GET /replay/sessions?${'q=x&'.repeat(16_000)} HTTP/1.1`, []),
      ]) {
        await expectCutOff(target, [sent]);
      }
    },
  },
  {
    id: 'P089',
    name: 'what is no HTTP is closed, with a line in the log that repeats nothing of it',
    run: async (target) => {
      const hello = Buffer.from('160301020001000001fc0303', 'hex');
      for (const sent of [
        'GET /\r\n\r\n',
        'GET /health\r\n\r\n',
        Buffer.concat([hello, Buffer.alloc(512, 0x5a)]),
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        'GET /health HTTP/9.9\r\nHost: x\r\n\r\n',
        'get /health http/1.1\r\nhost: x\r\n\r\n',
        'SSH-2.0-canary\r\n',
        '\0\0\0\0\r\n\r\n',
        '{"v":1}\r\n\r\n',
        'EHLO canary\r\n\r\n',
        request(GET, ['X-Control: a\u001b[31mcanary']),
        request(GET, ['X-Nul: a\0canary']),
        request(GET, ['X Space: canary']),
        'GET /health HTTP/1.1\r\nHost: x\r\n folded: canary\r\n\r\n',
        'GET /health HTTP/1.1\nHost: x\n\n',
      ]) {
        const from = target.server.output.stderr.length;
        await expectCutOff(target, [sent]);
        await expect.poll(() => target.server.output.stderr.slice(from)).toMatch(/^\{.*"status":4\d\d.*\}\n$/);
      }
      expect(target.server.output.stderr).not.toMatch(/canary|ZZZZ/);
    },
  },
];

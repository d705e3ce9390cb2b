// Attacks by quantity that a single client can make: addresses it claims, texts that are slow to cut, filters that are slow to answer. Run by http.test.ts.
import { expect } from 'vitest';
import { CLIENT_SESSIONS } from '../../../src/server/rate-limit.ts';
import { batch, click } from '../../fixtures/outsider.ts';
import { holdsUpNothing, type Oracle, status } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { collect, type Event } from '../sent.ts';

/** ms that one event may cost. */
const EVENT_MS = 5;
/** Headers in which a client could name an address. */
const CLAIMS = [
  'x-forwarded-for',
  'cf-connecting-ip',
  'x-real-ip',
  'forwarded',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'fastly-client-ip',
];

/** The work of the whole request, divided among its events. */
const cheap: Oracle = ({ sent, witnessed }) => {
  const events = JSON.parse(String(sent.body)).events.length;
  expect(witnessed.cpu_ms / events).toBeLessThan(EVENT_MS);
};

export const LOAD: Attack[] = [
  {
    id: 'P127',
    name: 'no text is slow to cut, mask or compare',
    sends: () => {
      const slow = [
        '?a='.repeat(5000),
        '%'.repeat(8000),
        '@'.repeat(8000),
        'a@'.repeat(4000),
        'a@b.'.repeat(2000),
        '0'.repeat(8000),
        'a1'.repeat(4000),
        '-'.repeat(8000),
        `${'a'.repeat(35)}-`.repeat(200),
        '#/'.repeat(4000),
        '#!/?'.repeat(2000),
        '&'.repeat(8000),
        '\ud83d\ude00@'.repeat(2000),
        ' '.repeat(8000),
      ];
      const fields: ((text: string) => Event)[] = [
        (text) => click({ page: `https://e.x/${text}` }),
        (text) => click({ page: `https://e.x/${text.slice(0, 2000)}` }),
        (text) => click({ page: `https://${text.slice(0, 2000)}` }),
        (text) => click({ element: `B#${text}` }),
        (text) => ({
          event_type: 'error',
          name: text,
          source: `https://e.x/${text}`,
          page: 'https://e.x/',
          timestamp: Date.now(),
        }),
      ];
      return slow.flatMap((text) =>
        fields.map((field, i) =>
          collect(
            `${i}: ${text.slice(0, 9)}`,
            batch({ events: [click(), ...Array.from({ length: 8 }, () => field(text))], params: ['a', 'q'] }),
          ),
        ),
      );
    },
    expect: [status(202), cheap, holdsUpNothing],
  },
  {
    id: 'P128',
    name: 'an address that a client claims for itself counts for nothing',
    on: 'direct',
    onLinux: true,
    run: async (target) => {
      const answers: number[] = [];
      for (let i = 0; i < CLIENT_SESSIONS.count + 2; i += 10) {
        const some = Array.from({ length: 10 }, (_, j) => {
          const claims = CLAIMS.map((name) => [name, `192.0.${i >> 8}.${(i + j) & 255}`]);
          return target.ask(collect('', batch(), { from: '127.0.0.2', headers: Object.fromEntries(claims) }));
        });
        answers.push(...(await Promise.all(some)).map(({ status }) => status));
      }
      expect(answers.filter((said) => said === 202)).toHaveLength(CLIENT_SESSIONS.count);
      expect(new Set(answers)).toEqual(new Set([202, 429]));
    },
  },
];

// Attacks from other sites: origins that look like an allowed one, or like none, and what a link or a form can do. Run by http.test.ts.
import { expect } from 'vitest';
import { batch } from '../../fixtures/outsider.ts';
import { exact, expectStored, keptNothing, status } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { plant } from '../send.ts';
import { collect, reading, type Sent } from '../sent.ts';

const LIST = '/replay/sessions';
const EVIL = 'evil.test';

const noCors = ({ answer }: { answer: { headers: Headers } }) => {
  for (const name of ['access-control-allow-origin', 'access-control-allow-credentials']) {
    expect(answer.headers.get(name)).toBeNull();
  }
};

export const ORIGINS: Attack[] = [
  {
    id: 'P090',
    name: 'an origin is the one that may record, or it is not',
    on: 'strict',
    sends: ({ server }) =>
      [
        'https://allowed.example.evil.test',
        'https://evil-allowed.example',
        'https://allowed.example:444',
        'https://allowed.example/',
        'https://allowed.example@evil.test',
        'https://evil.test#https://allowed.example',
        'http://allowed.example',
        'https://ALLOWED.example.',
        'https://sub.allowed.example',
        'allowed.example',
        'https://allowed.example, https://evil.test',
        'https://allowed.example%00.evil.test',
        `${server.origin}.evil.test`,
        `https://evil.test?${server.origin}`,
      ].map((origin) => collect(origin, batch(), { headers: { origin } })),
    expect: [status(403), keptNothing, noCors],
    run: async (target) => {
      const sent = batch();
      const one = collect('', sent, { headers: { origin: 'https://allowed.example' } });
      const answer = await target.post(one);
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([
        202,
        'https://allowed.example',
      ]);
      await expectStored(target, one.session!, sent.events);
    },
  },
  {
    id: 'P091',
    name: 'an origin that a browser hides may not record',
    on: 'strict',
    sends: () =>
      ['null', 'file://', 'chrome-extension://abcdefgh', 'data:', 'about:blank', ''].map((origin) =>
        collect(origin, batch(), { headers: { origin } }),
      ),
    expect: [status(403), keptNothing, noCors],
  },
  {
    id: 'P092',
    name: 'a program that names no origin is held to every other limit',
    on: 'strict',
    sends: () => [collect('no origin', batch())],
    expect: [exact, noCors],
    run: async (target) => {
      const client = target.stranger();
      const answers: number[] = [];
      const sent = batch();
      for (let seq = 0; seq < 31; seq++) {
        answers.push((await target.ask(collect('', { ...sent, seq }, { headers: client }))).status);
      }
      expect(answers.filter((said) => said !== 202)).toEqual([429]);
    },
  },
  {
    id: 'P093',
    name: 'no other site is told that it may read, erase or command',
    sends: ({ server }) => {
      const asked = { origin: `https://${EVIL}`, 'access-control-request-headers': 'authorization,x-api-key' };
      return [LIST, `${LIST}/any`, '/replay/visitors/any', '/replay/commands', '/health', '/replay', '/'].flatMap(
        (path): Sent[] => [
          ...['GET', 'DELETE', 'POST'].map((wanted) =>
            reading(path, undefined, {
              method: 'OPTIONS',
              headers: { ...asked, 'access-control-request-method': wanted },
            }),
          ),
          reading(path, server.key, { headers: { origin: `https://${EVIL}` } }),
        ],
      );
    },
    expect: [
      status(200, 302, 401, 404, 405),
      noCors,
      ({ answer }) => expect(answer.headers.get('cross-origin-resource-policy') ?? 'same-origin').toBe('same-origin'),
    ],
  },
  {
    id: 'P095',
    name: 'nothing is erased by asking for it',
    run: async (target) => {
      const { id, sent } = await plant(target);
      const { key } = target.server;
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST']) {
        const visitors = await target.ask({
          method,
          path: `/replay/visitors/${sent.visitor_id}`,
          headers: { 'x-api-key': key },
        });
        expect(visitors.status).toBe(405);
        await target.ask({ method, path: `${LIST}/${id}?erase=1`, headers: { 'x-api-key': key } });
        const command = `/replay/commands?name=erase&visitor=${sent.visitor_id}`;
        expect([400, 405]).toContain(
          (await target.ask({ method, path: command, headers: { 'x-api-key': key } })).status,
        );
      }
      await expectStored(target, id, sent.events);
    },
  },
];

// Attacks on names that become part of keys and paths: ids that climb, cut, split or pretend. Run by http.test.ts.
import { expect } from 'vitest';
import { batch, click } from '../../fixtures/outsider.ts';
import { echoesNothing, exact, expectStored, keptNothing, status } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { collect, inEveryId, reading, withFields } from '../sent.ts';

const refused = [status(400), keptNothing, echoesNothing];

/** Names that objects have by themselves, or that files have on other systems. */
const RESERVED = ['constructor', '__proto__', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'length'];
/** What stands behind `/replay/sessions/` where somebody is after a file. */
const PATHS = [
  'a%2Fevents%2F0001',
  'a/events/000001',
  'a%252Fevents%252F0001',
  '..%2f..%2fapi-key',
  '../../api-key',
  '%2e%2e/api-key',
  '..%5c..%5capi-key',
  'api-key%00',
  '.',
  '..',
  '%2e%2e',
  '....//....//api-key',
  '%ff%fe',
  '%',
  '%2',
];
const DEVICES = ['CON', 'NUL', 'AUX', 'COM1', 'LPT9', '-', '_', '--help'];

export const KEYS_AND_PATHS: Attack[] = [
  {
    id: 'P001',
    name: 'an id that climbs out of the folder is refused, in every field that is one',
    sends: () => inEveryId(['../../etc/passwd', '/etc/passwd', '..\\..\\passwd', '....//passwd', 'file:///etc/passwd']),
    expect: refused,
  },
  {
    id: 'P002',
    name: 'an id is one segment: whatever parts it is refused',
    sends: () => inEveryId(['a/b', 'a\\b', 'a\uff0fb', 'a\u2215b', 'a:b', 'a?b', 'a#b']),
    expect: refused,
  },
  {
    id: 'P003',
    name: 'an id that is encoded, once or twice, is refused',
    sends: () => inEveryId(['%2e%2e%2fx', '%252e%252e%252fx', '%c0%ae%c0%ae%c0%afx', '..%00/x', '&#46;&#46;/x']),
    expect: refused,
  },
  {
    id: 'P004',
    name: 'an id with a character that ends or breaks a text is refused',
    sends: () =>
      inEveryId(['a\0bcd', 'abcd\0', 'a\nbcd', 'abcd\n', 'a\r\nbcd', 'a\tbcd', 'a\u2028bcd', 'a\u202ebcd', ' abcd']),
    expect: refused,
  },
  {
    id: 'P005',
    name: 'an empty id is refused',
    sends: () => inEveryId(['', ' ', '\u200b', '\ufeff']),
    expect: refused,
  },
  { id: 'P006', name: 'an id of dots is refused', sends: () => inEveryId(['..', '.', '...', 'a.b']), expect: refused },
  {
    id: 'P007',
    name: 'an id beyond its length is refused',
    sends: () => inEveryId([65, 128, 129, 5000].map((length) => 'a'.repeat(length))),
    expect: refused,
  },
  {
    id: 'P008',
    name: 'the names of devices and options are names like others',
    sends: () =>
      DEVICES.map((name) =>
        collect(name, { ...batch(), visitor_id: name, page_id: name, events: [click({ event_id: name })] }),
      ),
    expect: [exact],
  },
  {
    id: 'P009',
    name: 'no object and no file is read or erased through an id',
    sends: ({ server }) =>
      PATHS.flatMap((path) =>
        ['GET', 'HEAD', 'DELETE'].map((method) =>
          reading(`/replay/sessions/${path}`, server.key, { method, bad: path }),
        ),
      ),
    expect: [status(404, 405), echoesNothing],
  },
  {
    id: 'P010',
    name: 'an id that is no text is refused, whatever text it would make',
    sends: () => inEveryId([['a'], [['abcd']], { a: 1 }, { toString: 'abcd' }, 1, 0, true, null, 1e21]),
    expect: refused,
  },
  {
    id: 'P011',
    name: 'a name that every object has is a name like others, and disturbs none',
    run: async (target) => {
      const bystander = collect('bystander', batch());
      expect((await target.post(bystander)).status).toBe(202);
      for (const name of RESERVED) {
        const sent = collect(name, {
          ...batch(),
          visitor_id: name,
          page_id: name,
          events: [click({ event_id: name })],
        });
        expect((await target.post(sent)).status).toBe(202);
        await expectStored(target, sent.session!, sent.good!);
        const { json } = await target.get(`/replay/sessions?visitor_id=${name}`);
        expect(json.sessions.map(({ session_id }: { session_id: string }) => session_id)).toEqual([sent.session]);
        expect((await target.get(`/replay/sessions/${name}`)).status).toBe(404);
      }
      await expectStored(target, bystander.session!, bystander.good!);
    },
  },
  {
    id: 'P012',
    name: 'a batch is named by a page load and a whole number, and by nothing else',
    sends: () =>
      ['../0001', '0', '', [], [0], {}, null, true, -1, 0.5, 2 ** 53, 1e21, -0.5].map((seq) =>
        withFields(JSON.stringify(seq), { seq }, { bad: String(seq).startsWith('..') ? '../0001' : '' }),
      ),
    expect: refused,
  },
];

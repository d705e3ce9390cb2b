// Attacks by texts: control characters, halves of characters, texts that logs, terminals, templates and tables would obey. Run by http.test.ts.
import { expect } from 'vitest';
import { ELEMENT_MAX, NAME_MAX, PAGE_MAX } from '../../../src/format/limits.ts';
import { batch, PAGE } from '../../fixtures/outsider.ts';
import { becomes, echoesNothing, exact, inPart, keptNothing, nowhere, status } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { BROWSER, collect, type Event, reading, withEvent, withFields } from '../sent.ts';

const FORGED = '{"time":"2026-01-01T00:00:00.000Z","method":"GET","route":"/forged","status":200,"ms":1}';
/** A header can carry any byte but those that end it. */
const bytes = (text: string) => Buffer.from(text).toString('latin1');

const wellFormed = (text: string) => Buffer.from(text).toString();

export const TEXTS: Attack[] = [
  {
    id: 'P058',
    name: 'no header and no id writes a line of its own into the log',
    sends: () => [
      ...['x\u0085y', `x\u0085${FORGED}`, '\u009b31mx', bytes('x\u2028y')].flatMap((text) =>
        ['user-agent', 'origin', 'referer', 'x-request-id', 'accept-language', 'cf-ipcountry'].map((name) =>
          collect(`${name}: ${text}`, batch(), { headers: { 'user-agent': BROWSER, [name]: text }, bad: text }),
        ),
      ),
    ],
    expect: [status(202), exact, nowhere],
    run: async (target) => {
      for (const id of ['a\r\n[ERROR] admin login ok', `a\n${FORGED}`, 'a\u001b[2Jb', 'a\u2028b']) {
        expect((await target.post(withFields(id, { visitor_id: id }))).status).toBe(400);
      }
      expect(target.server.output.stderr).not.toMatch(/forged|admin login/);
    },
  },
  {
    id: 'P059',
    name: 'no address writes into the log',
    sends: ({ server }) =>
      [
        '/replay/sessions?visitor_id=%1b%5b31m',
        '/replay/sessions?q=%0a%7b%22forged%22%3a1%7d',
        '/replay/%1b%5b2J%0d%0aforged',
        '/%0aforged?%0aforged',
        '/replay/sessions/%0d%0aforged',
        '/demo/%0aforged',
      ].map((path) => reading(path, server.key, { bad: 'forged' })),
    expect: [
      status(200, 404),
      echoesNothing,
      ({ target }) => expect(target.server.output.stderr).not.toMatch(/forged|\[31m|\[2J/),
    ],
  },
  {
    id: 'P060',
    name: 'half a character becomes the sign for one that is none, the same at every read',
    sends: () =>
      ['\ud800', '\udc00', '\udc00\ud800', 'a\ud83d'].map((half) =>
        withEvent(JSON.stringify(half), { page: `https://e.x/${half}`, element: `B.${half}` }),
      ),
    expect: [
      becomes(({ attacked: [event] = [] }) => ({
        page: wellFormed(event!.page),
        element: wellFormed(event!.element),
      })),
      async ({ target, sent }) => {
        const texts = [1, 2].map(() => target.get(`/replay/sessions/${sent.session}`));
        const [first, second] = await Promise.all(texts);
        expect(first!.text).toBe(second!.text);
      },
    ],
  },
  {
    id: 'P061',
    name: 'a text of marks that pile up ends where every text of its kind does',
    sends: () =>
      ['\u0301', '\u200d', '\u202e', '\ufdfd', '\u{e0041}'].map((mark) =>
        withEvent(JSON.stringify(mark), { element: `B${mark.repeat(5000)}` }),
      ),
    expect: [
      becomes(({ attacked: [event] = [] }) => ({ element: [...event!.element].slice(0, ELEMENT_MAX).join('') })),
    ],
  },
  {
    id: 'P062',
    name: 'two spellings of one word are two ids, and an id is plain ASCII',
    sends: () =>
      ['caf\u00e9', 'cafe\u0301', '\uff41bcd', 'a\u0430bcd', '\u212a_kelvin'].map((id) =>
        withFields(id, { visitor_id: id }, { bad: id }),
      ),
    expect: [status(400), keptNothing],
    run: async (target) => {
      const plain = collect('', { ...batch(), visitor_id: 'cafe-K' });
      expect((await target.post(plain)).status).toBe(202);
      const found = async (id: string) =>
        (await target.get(`/replay/sessions?visitor_id=${encodeURIComponent(id)}`)).json.total;
      for (const id of [
        'caf\u00e9-K',
        'cafe\u0301-K',
        'cafe-\u212a',
        'CAFE-K',
        'cafe-k',
        'cafe-K ',
        ' cafe-K',
        'cafe-',
        'cafe-K\0',
      ]) {
        expect([id, await found(id)]).toEqual([id, 0]);
      }
      expect(await found('cafe-K')).toBe(1);
    },
  },
  {
    id: 'P064',
    name: 'a text that a shell, a format or a template would obey is a text',
    sends: () =>
      [
        '%s%s%n{{7*7}}`id`$(id)',
        '$\u007b7*7}#{7*7}<%=7*7%>',
        "'; DROP TABLE session; --",
        '=HYPERLINK("//x")',
        '\\u0000\\x00',
        '{"$gt":""}',
        '*)(uid=*',
      ].map((element) => withEvent(element, { element })),
    expect: [becomes(({ attacked: [event] = [] }) => ({ element: event!.element }))],
  },
  {
    id: 'P065',
    name: 'a wrong key is not repeated, in no answer and no log',
    sends: ({ server }) =>
      [
        '<svg onload=alert(1)>',
        `' OR '1'='1`,
        `${server.key}<svg>`.slice(8),
        '$\u007bjndi:ldap://x}',
        'x\u009b31m',
      ].flatMap((key) =>
        ['x-api-key', 'authorization'].map((name) =>
          reading('/replay/sessions', undefined, {
            headers: { [name]: name === 'x-api-key' ? key : `Bearer ${key}` },
            bad: key,
          }),
        ),
      ),
    expect: [
      status(401),
      echoesNothing,
      nowhere,
      ({ target, sent }) => expect(target.server.output.stderr).not.toContain(sent.bad),
    ],
  },
  {
    id: 'P066',
    name: 'a text is cut between characters, and an address that is too long is refused',
    sends: () => [withEvent('2048 faces', { page: PAGE + '\ud83d\ude00'.repeat(PAGE_MAX) })],
    expect: [inPart],
    run: async (target) => {
      const face = '\ud83d\ude00';
      const page = `https://e.x/${face.repeat(PAGE_MAX - 12)}`;
      const timestamp = Date.now();
      const sent = batch({
        events: [
          { event_type: 'click', x: 1, y: 1, element: `a${face.repeat(ELEMENT_MAX)}`, page, timestamp },
          { event_type: 'custom', name: `ab${face.repeat(NAME_MAX)}`, page, timestamp },
        ],
      });
      const one = collect('', sent);
      const answer = await target.post(one);
      expect(answer.json).toMatchObject({ accepted: 2 });
      const { json, text } = await target.get(`/replay/sessions/${one.session}`);
      const { events } = json as { events: Event[] };
      expect(events.map((event) => event.page)).toEqual([page, page]);
      expect(events[0]!.element).toBe(`a${face.repeat(ELEMENT_MAX - 1)}`);
      expect(events[1]!.name).toBe(`ab${face.repeat(NAME_MAX - 2)}`);
      expect(text).not.toContain('\ufffd');
    },
  },
];

// Attacks on the fields of a body: of other types, twice, of the prototype, and those that only the server may say. Run by http.test.ts.
import { expect } from 'vitest';
import { batch, click } from '../../fixtures/outsider.ts';
import { exact, inPart, nowhere, type Oracle, status } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { ATTACKED, collect, type Event, type Sent, withEvent, withEvents, withFields, withText } from '../sent.ts';

/** Fields of a session that its batches do not tell. */
const DERIVED = {
  engagement_score: 100,
  country: 'ZZ',
  country_estimated: false,
  started_at: 0,
  ended_at: 1,
  duration: 424_242,
  event_count: 999_999,
  click_count: 999_999,
  site_id: 'another-site',
  session_id: '0123456789abcdef0123456789abcdef',
  browser: 'Forged-Browser',
  os: 'Forged-System',
  device: 'tablet',
  identity: 'somebody-else',
  status: 'ended',
  address: '203.0.113.77',
};

/** Of the derived fields, whichever way they came in, the session shows the server's own. */
const derivedByServer: Oracle = async ({ target, sent }) => {
  const { json } = await target.get(`/replay/sessions/${sent.session}`);
  const { session, events } = json as { session: Event; events: Event[] };
  expect(session).toMatchObject({ browser: 'Firefox', os: 'Linux', device: 'desktop', country: null, status: 'live' });
  expect(session).toMatchObject({
    session_id: sent.session,
    identity: null,
    event_count: 3,
    duration: expect.any(Number),
  });
  expect([session.started_at > 1e12, session.engagement_score < 100, session.duration < 60_000]).toEqual([
    true,
    true,
    true,
  ]);
  for (const name of ['site_id', 'address', 'engagement_score']) {
    expect([session, ...events].filter((one) => one[name] === DERIVED[name as 'address'])).toEqual([]);
  }
};

export const FIELDS: Attack[] = [
  {
    id: 'P017',
    name: 'of a list of junk the good events are kept',
    sends: () => [
      withFields('nothing but junk', { events: [null, 1, 'junk', [], {}] }),
      withEvents('junk among events', [null, 1, 'junk', [], {}, true, [[click()]], { event_type: {} }]),
    ],
    expect: [inPart],
  },
  {
    id: 'P018',
    name: 'a field that comes twice is the same to whoever checks and whoever stores',
    sends: () => [
      withText(
        'good, then bad',
        {},
        '"event_type":"click","x":450',
        '"event_type":"click","x":450,"event_type":"<img>"',
        { bad: '<img>' },
      ),
      withText(
        'bad, then good',
        {},
        '"event_type":"click","x":450',
        '"event_type":"<img>","x":450,"event_type":"click"',
        { bad: '<img>' },
      ),
      withText(
        'escaped',
        {},
        '"event_type":"click","x":450',
        '"event_type":"click","x":450,"\\u0065vent_type":"<img>"',
        { bad: '<img>' },
      ),
    ],
    expect: [
      async (seen) => {
        const isWhole = seen.answer.json?.rejected === 0;
        const { sent } = seen;
        await (isWhole
          ? exact({ ...seen, sent: { ...sent, good: [...sent.good!, ...sent.attacked!] } })
          : inPart(seen));
        await nowhere(seen);
      },
    ],
  },
  {
    id: 'P019',
    name: 'a name of the prototype gives nobody anything',
    sends: () => {
      const sent: Sent[] = [];
      for (const evil of [
        '"__proto__":{"admin":"canary-admin"}',
        '"constructor":{"prototype":{"admin":"canary-admin"}}',
      ]) {
        const put = (as: string, hole: string) => {
          const text = JSON.stringify({ ...batch(), events: [{ HOLE: 1, ...click() }], context: { HOLE: 2 }, HOLE: 3 });
          const body = text
            .replace(hole, evil)
            .replace(/"HOLE":\d,?/g, '')
            .replace(/,\}/g, '}');
          return collect(`${as}: ${evil}`, body, { bad: 'canary-admin' });
        };
        sent.push(put('event', '"HOLE":1'), put('context', '"HOLE":2'), put('batch', '"HOLE":3'));
        const custom = { event_type: 'custom', name: 'n', properties: { HOLE: 4 } };
        sent.push(withText(`properties: ${evil}`, custom, '"HOLE":4', evil, { bad: 'canary-admin' }));
      }
      return sent;
    },
    expect: [status(202, 400), nowhere],
  },
  {
    id: 'P020',
    name: 'a text is no number, whatever it says',
    sends: () => [
      ...['450', '', ' 1', '0x10', 'Infinity', '1e3'].map((x) => withEvent(JSON.stringify(x), { x })),
      ...[[1], {}, true, null].map((y) => withEvent(JSON.stringify(y), { y })),
      withEvent('timestamp', { timestamp: String(Date.now()) }),
    ],
    expect: [inPart],
  },
  {
    id: 'P021',
    name: 'a kind of event is written in one way',
    sends: () =>
      ['CLICK', 'Click', 'click ', ' click', 'click\0', 'cl\u0131ck', 'mouse_move', 'on click'].map((event_type) =>
        withEvent(event_type, { event_type }, { bad: event_type.toLowerCase().trim() === 'click' ? '' : event_type }),
      ),
    expect: [inPart],
  },
  {
    id: 'P022',
    name: 'what the server derives is never taken from a client',
    sends: () => {
      const sent = (as: string, body: Event) => {
        const { session } = withFields(as, body);
        return collect(as, JSON.stringify(body), { session: session!, bad: 'Forged-' });
      };
      const three = () => ({ ...batch(), events: [...batch().events, click()] });
      const asEvent = three();
      Object.assign(asEvent.events[2]!, { ...DERIVED, event_type: 'click' });
      return [
        sent('in the batch', { ...three(), ...DERIVED }),
        sent('in the context', { ...three(), context: { language: 'en', ...DERIVED } }),
        sent('in an event', asEvent),
      ];
    },
    expect: [status(202), derivedByServer, nowhere],
  },
  {
    id: 'P025',
    name: 'two events of one name, or of an empty one, do not become one in silence',
    sends: () => [
      withEvents('empty names', [click({ event_id: '' }), click({ event_id: '', x: 1 })]),
      withFields('nothing but empty names', { events: [click({ event_id: '' }), click({ event_id: '', x: 1 })] }),
    ],
    expect: [inPart],
    run: async (target) => {
      const twins = [click({ event_id: ATTACKED }), click({ event_id: ATTACKED, x: 1 })];
      const sent = collect('twins', { ...batch(), events: twins });
      const { json } = await target.post(sent);
      expect(json).toMatchObject({ accepted: 1, rejected: 1 });
      expect((await target.get(`/replay/sessions/${sent.session}`)).json.events).toEqual([twins[0]]);
    },
  },
];

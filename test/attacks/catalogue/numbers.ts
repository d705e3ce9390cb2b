// Attacks by numbers: coordinates, sizes and shares that are too large, too small, or none. Run by http.test.ts.
import { expect } from 'vitest';
import { becomes, inPart } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { withEvent, withNumbers, withText } from '../sent.ts';

const scroll = { event_type: 'scroll', x: undefined, y: undefined, element: undefined };
const view = { event_type: 'page_view', x: undefined, y: undefined, element: undefined };

export const NUMBERS: Attack[] = [
  {
    id: 'P042',
    name: 'a number beyond all numbers costs its event alone',
    sends: () => [
      ...withNumbers(['x', 'y', 'timestamp'], ['1e999', '-1e999', '1e308', '1000001', '-1000001']),
      ...withNumbers(['scroll_percent', 'scroll_y', 'document_height'], ['1e999', '-1e999'], {
        ...scroll,
        scroll_percent: 1,
      }),
      ...withNumbers(['viewport_width', 'document_height', 'device_pixel_ratio'], ['1e999', '-1'], view),
      ...withNumbers(['element_x', 'effect_ms'], ['1e999', '-1']),
    ],
    expect: [inPart],
  },
  {
    id: 'P043',
    name: 'a pointer left of or above the viewport is at its edge',
    sends: () => [
      withEvent('-1, -1', { x: -1, y: -1 }),
      withEvent('far away', { x: -1_000_000, y: -0.5 }),
      withEvent('a mouse sample', { event_type: 'mousemove', element: undefined, event_id: 'attacked', x: -3, y: -4 }),
    ],
    expect: [becomes(() => ({ x: 0, y: 0 }))],
  },
  {
    id: 'P044',
    name: 'zeros with a sign and numbers next to nothing go round unchanged',
    sends: () => [
      withText('-0 and 1e-324', { x: 'HOLE', y: 'PIT' }, /"HOLE","y":"PIT"/, '-0,"y":1e-324'),
      withText('-0.0 and -1e-400', { x: 'HOLE', y: 'PIT' }, /"HOLE","y":"PIT"/, '-0.0,"y":-1e-400'),
      withText('0e99 and -0e9', { x: 'HOLE', y: 'PIT' }, /"HOLE","y":"PIT"/, '0e99,"y":-0e9'),
    ],
    expect: [
      becomes(() => ({ x: 0, y: 0 })),
      async ({ target, sent }) => {
        const [first, second] = [await target.ask(sent), await target.get(`/replay/sessions/${sent.session}`)];
        expect(first.json).toMatchObject({ accepted: 3 });
        expect([second.json.event_count, /:-0[,.}]/.test(second.text)]).toEqual([3, false]);
      },
    ],
  },
  {
    id: 'P045',
    name: 'a share lies between nothing and everything',
    sends: () => withNumbers(['scroll_percent'], ['-5', '-0.001', '100.001', '101', '1e9', '-1e308'], scroll),
    expect: [inPart],
  },
  {
    id: 'P046',
    name: 'a share that is no number costs its event alone',
    sends: () => withNumbers(['scroll_percent'], ['null', '"50"', '[50]', '{}', 'true', '""'], scroll),
    expect: [inPart],
  },
];

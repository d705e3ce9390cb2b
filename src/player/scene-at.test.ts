// The silhouette under a frame: the same however one got there, and where the visitor saw it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  anyLayouts,
  at,
  click,
  layout,
  move,
  recordingOf,
  SHOP,
  shopBoxes,
  view,
} from '../../test/fixtures/recordings.ts';
import { frameAt } from './frame.ts';
import { boxAt } from './hover.ts';

const scroll = (ms: number, scroll_y: number) =>
  at(ms, { event_type: 'scroll', scroll_percent: Math.round(scroll_y / 18), scroll_y });
const change = (ms: number, number: number, more: Record<string, unknown>) =>
  layout(ms, number, [], { whole: undefined, boxes: undefined, ...more });
const surface = (element: number, y: number, more: number[] = []) => [0, 100, y, 200, 50, element, ...more];
const places = (recording: ReturnType<typeof recordingOf>, ms: number) =>
  frameAt(recording, ms).scene?.boxes.map(({ element, y }) => [element, y]);

test('a frame with a silhouette is the same whether one plays or jumps, also over captures that are missing', () => {
  fc.assert(
    fc.property(anyLayouts(), fc.integer({ min: 10, max: 700 }), (events, step) => {
      const played = recordingOf(events);
      const frames = [];
      for (let ms = 0; ms < played.duration + step; ms += step) frames.push(frameAt(played, ms));
      const jumped = recordingOf(events);
      for (const frame of frames.reverse()) expect(frameAt(jumped, frame.position)).toEqual(frame);
    }),
    { numRuns: 80 },
  );
});

test('every number of such a frame is finite, layers lie in earlier ones, runs hold every box once', () => {
  fc.assert(
    fc.property(anyLayouts(), fc.integer({ min: 0, max: 30_000 }), (events, ms) => {
      const { scene, shifts } = frameAt(recordingOf(events), ms);
      for (const { x, y } of shifts) expect(Number.isFinite(x + y)).toBe(true);
      if (!scene) return;
      expect(shifts).toHaveLength(scene.layers.length);
      for (const [i, { parent }] of scene.layers.entries()) expect(parent).toBeLessThan(Math.max(1, i));
      expect(scene.runs.flatMap(({ from, to }) => scene.boxes.slice(from, to))).toEqual(scene.boxes);
      for (const { layer, from, to } of scene.runs) {
        for (const box of scene.boxes.slice(from, to)) expect(box.layer).toBe(layer);
      }
    }),
    { numRuns: 80 },
  );
});

test('a difference restates an element or removes it; after a lost one the page stays until the next whole', () => {
  const recording = recordingOf([
    view(0),
    layout(1000, 1, [surface(1, 0), surface(2, 100), surface(3, 200)]),
    change(2000, 2, { removed: [2], boxes: [surface(3, 240)] }),
    change(3000, 4, { removed: [1, 3] }),
    change(4000, 5, { boxes: [surface(9, 900)] }),
    layout(5000, 6, [surface(7, 700)]),
    move(6000, 1, 1),
  ]);
  expect(places(recording, 0)).toEqual([
    [1, 0],
    [2, 100],
    [3, 200],
  ]);
  expect(places(recording, 2000)).toEqual([
    [1, 0],
    [3, 240],
  ]);
  expect(places(recording, 4500)).toEqual([
    [1, 0],
    [3, 240],
  ]);
  expect(places(recording, 5000)).toEqual([[7, 700]]);
});

test('boxes are painted by level, then element; colours are those of their own capture', () => {
  const recording = recordingOf([
    view(0),
    layout(1000, 1, [surface(5, 0, [0, 3, 1]), surface(9, 0, [0, 0, 2]), surface(2, 0)], { palette: ['#123', '#abc'] }),
    change(2000, 2, { boxes: [surface(9, 0, [0, 0, 1])], palette: ['#f00'] }),
    move(3000, 1, 1),
  ]);
  const painted = (ms: number) => frameAt(recording, ms).scene?.boxes.map(({ element, fill }) => [element, fill]);
  expect(painted(1000)).toEqual([
    [2, ''],
    [9, '#abc'],
    [5, '#123'],
  ]);
  expect(painted(2000)).toEqual([
    [2, ''],
    [9, '#f00'],
    [5, '#123'],
  ]);
});

test('fixed parts stay, sticky ones stick, nested scrollers move by themselves and are seen through their box', () => {
  const recording = recordingOf([
    view(0),
    layout(500, 1, shopBoxes()),
    scroll(2000, 100),
    scroll(4000, 600),
    layout(5000, 2, [], { number: undefined, whole: undefined, boxes: undefined, scrolled: [[20, 0, 120]] }),
    move(6000, 1, 1),
  ]);
  const top = (ms: number, element: number) => {
    const { scene, shifts } = frameAt(recording, ms);
    const box = scene!.boxes.find((other) => other.element === element)!;
    return box.y + shifts[box.layer]!.y;
  };
  expect([0, 2000, 4000].map((ms) => top(ms, 50))).toEqual([0, 0, 0]);
  expect([0, 2000, 4000].map((ms) => top(ms, 6))).toEqual([230, 130, 56]);
  expect([0, 2000, 4000].map((ms) => top(ms, 8))).toEqual([242, 142, 68]);
  expect([4000, 5000].map((ms) => top(ms, 21))).toEqual([316 - 600, 316 - 600 - 120]);
  expect(top(4900, 21)).toBeLessThan(316 - 600);
  const { scene, shifts } = frameAt(recording, 5000);
  expect(shifts[scene!.layers.findIndex(({ kind }) => kind === 'scroller')]?.clip).toMatchObject({
    y: -300,
    height: 400,
  });
  expect(recording.activity).toContain(5000);
});

test('a part that is fixed and scrolls stays where it is, and its content moves', () => {
  const recording = recordingOf([
    view(0),
    layout(500, 1, [
      [4, 0, 0, 200, 600, 5, 0, 0, 1],
      [12, 0, 0, 200, 600, 5],
      [1, 10, 100, 90, 18, 5, 5, 0, 2],
    ]),
    scroll(2000, 400),
    layout(3000, 2, [], { number: undefined, whole: undefined, boxes: undefined, scrolled: [[5, 0, 30]] }),
    move(6000, 1, 1),
  ]);
  const { scene, shifts } = frameAt(recording, 3000);
  expect(scene?.boxes.map(({ y, layer }) => y + shifts[layer]!.y)).toEqual([0, 0, 70]);
});

test('a bar that was captured while it stuck goes back to where it was seen by itself', () => {
  const bar = (y: number) => [8, 0, y, 1000, 40, 6, 0, 0, 1, 0, 0, 0, 10];
  const recording = recordingOf([
    view(0),
    layout(500, 1, [bar(300)]),
    scroll(2000, 800),
    change(3000, 2, { boxes: [bar(810)], scroll_y: 800 }),
    scroll(5000, 0),
    move(6000, 1, 1),
  ]);
  const top = (ms: number) => {
    const { scene, shifts } = frameAt(recording, ms);
    return scene!.boxes[0]!.y + shifts[scene!.boxes[0]!.layer]!.y;
  };
  expect([500, 2500, 3000, 5000].map(top)).toEqual([300, 10, 10, 300]);
});

test('a pulse stays on the box it hit, also when the page has moved or the box was resized', () => {
  const button = (y: number, width = 100) => [3, 400, y, width, 40, 8, 0, 0, 1];
  const recording = recordingOf([
    view(0),
    layout(500, 1, [surface(1, 0), button(320)]),
    scroll(800, 20),
    click(1000, 450, 310, { element_box: { x: 400, y: 320, width: 100, height: 40 }, effect_ms: null }),
    change(1600, 2, { boxes: [button(420)] }),
    change(2200, 3, { boxes: [button(420, 200)] }),
    change(2800, 4, { removed: [8] }),
    move(3000, 1, 1),
  ]);
  const named = (ms: number) => frameAt(recording, ms).labels.map(({ x, y }) => [x, y])[0];
  expect(frameAt(recording, 1600).pulses).toMatchObject([{ x: 450, y: 410 }]);
  expect([1000, 1600, 2200, 2800].map(named)).toEqual([
    [450, 310],
    [450, 410],
    [500, 410],
    [450, 310],
  ]);
  expect(frameAt(recording, 1000).pulses[0]?.idle).toBe(true);
});

test('the box under a point has the name of the clicked element that holds it, else its kind', () => {
  const recording = recordingOf([
    view(0),
    layout(500, 1, shopBoxes()),
    click(1000, 900, 28, {
      element: 'BUTTON.cart',
      element_box: { x: 860, y: 12, width: 100, height: 32 },
      fixed: true,
    }),
    scroll(2000, 300),
    move(3000, 1, 1),
  ]);
  const frame = frameAt(recording, 3000);
  expect(boxAt(frame, 900, 28)).toMatchObject({ x: 884, y: 20, width: 52, name: 'BUTTON.cart' });
  expect(boxAt(frame, 100, 50)?.name).toBe('Surface · 1000 × 56');
  expect(boxAt(frame, 60, 80)?.name).toBe('Text · 84 × 18');
  expect(boxAt(frame, 100, 512)?.name).toBe('Text · 164 × 12');
  expect(boxAt(frame, 5000, 5000)).toBeNull();
});

test('a page without a silhouette says why; an import’s outlines belong to their page, whatever the tab', () => {
  const other = { event_id: 'other.0.0', page: `${SHOP}cart` };
  const events = [
    view(0),
    layout(0, 1, [surface(1, 0)], { event_id: 'import.layout.1', outline: true }),
    view(5000, other),
    move(9000, 1, 1, other),
  ];
  const imported = recordingOf(events, { imported_at: 1, source: 'elsewhere' });
  expect(frameAt(imported, 100)).toMatchObject({ scene: { outline: true }, plain: null });
  expect(frameAt(imported, 6000)).toMatchObject({ scene: null, plain: 'imported' });
  expect(frameAt(recordingOf([view(0), move(9000, 1, 1)]), 100).plain).toBe('off');
  const live = recordingOf([view(0), move(9000, 1, 1)], { status: 'live' });
  expect([100, 8000].map((ms) => frameAt(live, ms).plain)).toEqual(['coming', 'off']);
});

test('whatever is sent, a scene has at most 3,000 boxes, 64 layers and 128 runs', () => {
  const small = Array.from({ length: 3000 }, (_, i) => [(i % 4) << 2, i % 900, i % 500, 9, 9, i + 1, i, i % 7, 1]);
  const recording = recordingOf([
    view(0),
    layout(100, 1, small),
    ...Array.from({ length: 70 }, (_, i) =>
      change(1000 + i * 600, i + 2, { boxes: small.map((row) => row.with(5, i * 5000 + (row[5] ?? 0))) }),
    ),
    move(60_000, 1, 1),
  ]);
  for (const [i, { scene }] of [frameAt(recording, 100), frameAt(recording, 60_000)].entries()) {
    expect(scene?.boxes).toHaveLength(3000);
    expect(scene?.layers.length).toBeLessThanOrEqual(64);
    expect(scene?.runs.length).toBeLessThanOrEqual(128);
    expect(scene?.at).toBe(i === 0 ? 100 : 1000 + 63 * 600);
  }
});

test('captures that come closer than half a second are one step, with what the last of them tells', () => {
  const recording = recordingOf([
    view(0),
    layout(1000, 1, [surface(1, 0), surface(2, 100)]),
    change(1200, 2, { boxes: [surface(1, 50)], removed: [2] }),
    change(1499, 3, { boxes: [surface(2, 300)] }),
    change(1500, 4, { boxes: [surface(3, 400)] }),
    layout(1700, 1, [surface(4, 0)]),
    change(1800, 2, { boxes: [surface(5, 90)] }),
    change(2000, 3, { removed: [4] }),
    move(3000, 1, 1),
  ]);
  expect([1000, 1499, 1500, 1999, 2000].map((ms) => places(recording, ms))).toEqual([
    [
      [1, 50],
      [2, 300],
    ],
    [
      [1, 50],
      [2, 300],
    ],
    [
      [4, 0],
      [5, 90],
    ],
    [
      [4, 0],
      [5, 90],
    ],
    [[5, 90]],
  ]);
});

test('whatever is sent, a scene is put together of few rows', () => {
  const many = (i: number) => Array.from({ length: 3000 }, (_, j) => surface(1 + ((i * 997 + j) % 4000), j % 900));
  const recording = recordingOf([
    view(0),
    layout(100, 1, many(0)),
    ...Array.from({ length: 400 }, (_, i) => change(200 + i * (i % 50 === 0 ? 40 : 25), i + 2, { boxes: many(i) })),
    ...Array.from({ length: 30 }, (_, i) =>
      layout(20_000 + i * 600, i * 10 + 1, many(i), { whole: i % 3 === 0 || undefined, event_id: 'other.1.1' }),
    ),
    move(60_000, 1, 1),
  ]);
  const chains = [...recording.layouts.byTab.values()];
  expect(chains.length).toBe(2);
  for (const { at: times, steps } of chains) {
    for (const [i, { base }] of steps.entries()) {
      const told = steps.slice(base, i + 1).reduce((sum, step) => sum + step.told.size, 0);
      expect(told).toBeLessThanOrEqual(12_000);
      expect(steps[base]?.base).toBe(base);
      if (i > 0) expect(times[i]! - times[i - 1]!).toBeGreaterThanOrEqual(500);
    }
  }
});

test('parts that would cover the viewport many times over move with the page, as one', () => {
  const covers = Array.from({ length: 40 }, (_, i) => [i % 2 ? 4 : 0, 0, 0, 1000, 2400, i + 1, 0, 0, 1]);
  const { scene } = frameAt(recordingOf([view(0), layout(100, 1, covers), move(300, 1, 1)]), 200);
  expect(scene?.boxes).toHaveLength(40);
  expect(scene?.layers).toHaveLength(1);
  expect(scene?.runs).toHaveLength(1);
});

// The scene of a position, found by index: the last whole capture and the differences after it. `silhouette-at.ts` calls it.
import type { LayoutEvent } from '../format/event.ts';
import { BOX } from '../format/layout.ts';
import { LAYOUT_BOXES_MAX } from '../format/limits.ts';
import type { Chain } from './index-layouts.ts';
import { buildScene, type Row, type Scene } from './scene.ts';
import { lastAt } from './search.ts';

/** Scenes of a chain that are kept: playing on, and looking back at the clicks of the last seconds. */
const KEPT = 8;

/** A viewport that no capture told, px. */
const USUAL = { width: 1280, height: 720 };

/** What a chain's rows up to `row` come to. */
interface State {
  row: number;
  count: number;
  elements: Map<number, Row[]>;
}

interface Memo {
  state: State | null;
  scenes: Map<number, Scene>;
}

/** Only saves work: what is not there is made anew, and is the same. */
const memos = new WeakMap<Chain, Memo>();

/** Before the first capture the page looked as it did then. */
export function sceneAt(chain: Chain, position: number): Scene {
  const row = Math.max(0, lastAt(chain.at, position));
  let memo = memos.get(chain);
  if (!memo) {
    memo = { state: null, scenes: new Map() };
    memos.set(chain, memo);
  }
  const known = memo.scenes.get(row);
  if (known) return known;
  const state = stateAt(chain, row, memo.state);
  memo.state = state;
  const event = chain.event[row] as LayoutEvent;
  const viewport = { width: event.viewport_width ?? USUAL.width, height: event.viewport_height ?? USUAL.height };
  const size = {
    width: event.document_width ?? viewport.width,
    height: Math.max(event.document_height ?? 0, viewport.height),
  };
  const told = { outline: event.outline === true, at: chain.at[row] as number };
  const scene = buildScene([...state.elements.values()].flat(), size, viewport, told);
  if (memo.scenes.size >= KEPT) memo.scenes.delete(memo.scenes.keys().next().value as number);
  memo.scenes.set(row, scene);
  return scene;
}

/** Goes on from `before` where that lies on the way. */
function stateAt(chain: Chain, row: number, before: State | null): State {
  const whole = chain.whole[row] as number;
  const goesOn = before !== null && before.row >= whole && before.row <= row;
  const state = goesOn ? before : { row: whole - 1, count: 0, elements: new Map<number, Row[]>() };
  while (state.row < row) {
    state.row++;
    apply(state, chain.event[state.row] as LayoutEvent);
  }
  return state;
}

function apply(state: State, event: LayoutEvent): void {
  for (const element of event.removed ?? []) remove(state, element);
  const stated = new Map<number, Row[] | undefined>();
  for (const columns of event.boxes ?? []) {
    const element = columns[BOX.element] ?? 0;
    if (!stated.has(element)) {
      stated.set(element, state.elements.get(element));
      remove(state, element);
    }
    if (state.count >= LAYOUT_BOXES_MAX) continue;
    state.count++;
    const rows = state.elements.get(element);
    const row = rowOf(columns, event, stated.get(element));
    if (rows) rows.push(row);
    else state.elements.set(element, [row]);
  }
}

function remove(state: State, element: number): void {
  state.count -= state.elements.get(element)?.length ?? 0;
  state.elements.delete(element);
}

function rowOf(columns: readonly number[], event: LayoutEvent, before: readonly Row[] | undefined): Row {
  const of = (column: number) => columns[column] ?? 0;
  const kind = of(BOX.kind);
  const place = kind >> 2;
  const y = of(BOX.y);
  const top = of(BOX.top);
  const colour = (index: number) => (index > 0 ? (event.palette?.[index - 1] ?? '') : '');
  return {
    kind: (kind & 3) as Row['kind'],
    place,
    x: of(BOX.x),
    y,
    width: of(BOX.width),
    height: of(BOX.height),
    element: of(BOX.element),
    within: of(BOX.within),
    level: of(BOX.level),
    fill: colour(of(BOX.fill)),
    line: colour(of(BOX.line)),
    around: of(BOX.sides) === 1,
    radius: of(BOX.radius),
    top,
    natural:
      place === STICKY
        ? naturalOf(
            y,
            top,
            event,
            before?.find((row) => row.place === STICKY),
          )
        : 0,
  };
}

const STICKY = 2;

/** Where it stood by itself when it was captured, that is known; where it stuck, it can only be higher up. */
function naturalOf(y: number, top: number, event: LayoutEvent, before: Row | undefined): number {
  const sticks = y - (event.scroll_y ?? 0) <= top + 1;
  if (!sticks || (event.scroll_y ?? 0) <= 0) return y;
  return Math.min(y, before?.natural ?? 0);
}

// The scene of a position, found by index: what its step builds on, and what was told since. `silhouette-at.ts` calls it.
import type { Chain, Step } from './index-layouts.ts';
import { buildScene, type Row, type Scene } from './scene.ts';
import { lastAt } from './search.ts';
import { rowsOf, type Told } from './statements.ts';

/** Scenes of a chain that are kept: playing on, and looking back at the clicks of the last seconds. */
const KEPT = 16;

/** A viewport that no capture told, px. */
const USUAL = { width: 1280, height: 720 };

/** Only saves work: what is not there is made anew, and is the same. */
const memos = new WeakMap<Chain, Map<number, Scene>>();

/** Before the first capture the page looked as it did then. */
export function sceneAt(chain: Chain, position: number): Scene {
  const step = Math.max(0, lastAt(chain.at, position));
  let memo = memos.get(chain);
  if (!memo) {
    memo = new Map();
    memos.set(chain, memo);
  }
  const scene = memo.get(step) ?? makeScene(chain, step);
  // The longest unseen goes first: a look at other times costs the stage nothing.
  memo.delete(step);
  if (memo.size >= KEPT) memo.delete(memo.keys().next().value as number);
  memo.set(step, scene);
  return scene;
}

function makeScene({ at, steps }: Chain, index: number): Scene {
  const { base, event } = steps[index] as Step;
  const all = new Map<number, Told>();
  for (let i = base; i <= index; i++) {
    for (const [element, told] of (steps[i] as Step).told) {
      // Told again, it is the last of its level no more than before: the order follows from the numbers.
      if (told) all.set(element, told);
      else all.delete(element);
    }
  }
  const rows: Row[] = [];
  for (const told of all.values()) rows.push(...rowsOf(told));
  const viewport = { width: event.viewport_width ?? USUAL.width, height: event.viewport_height ?? USUAL.height };
  const size = {
    width: event.document_width ?? viewport.width,
    height: Math.max(event.document_height ?? 0, viewport.height),
  };
  return buildScene(rows, size, viewport, { outline: event.outline === true, at: at[index] as number });
}

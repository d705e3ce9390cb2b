// A recording as one tab alone shows it, for a user who stays on that tab. The viewer calls it.
import type { Recording } from './recording.ts';
import { hiddenStretches } from './stretches.ts';
import type { Tab } from './tabs.ts';

/** The tab to which a page load belongs, or null. */
export function tabWith({ tabs, views }: Recording, load: number): Tab | null {
  return tabs.find((tab) => tab.load === load || tab.chapters.some(({ view }) => views[view]?.tab === load)) ?? null;
}

/** The recording as one tab shows it, whichever was in use; while it was not it counts as hidden. */
export function onlyTab(recording: Recording, tab: Tab): Recording {
  const mine = new Uint8Array(recording.views.length);
  for (const { view } of tab.chapters) mine[view] = 1;
  const turns: number[] = [0];
  for (const { from, to } of tab.active) turns.push(from, to);
  return {
    ...recording,
    scenes: {
      at: Float64Array.from(tab.chapters, ({ from }) => from),
      view: Uint32Array.from(tab.chapters, ({ view }) => view),
    },
    pointer: pointerOf(recording, mine),
    hidden: hiddenStretches(turns, recording.duration),
  };
}

/** Strokes stay in one view: they are taken or left whole. */
function pointerOf({ pointer }: Recording, mine: Uint8Array): Recording['pointer'] {
  const taken: number[] = [];
  const place = new Uint32Array(pointer.at.length);
  for (let i = 0; i < pointer.at.length; i++) {
    if (mine[pointer.view[i] as number] !== 1) continue;
    place[i] = taken.length;
    taken.push(i);
  }
  const pick = (column: ArrayLike<number>) => Float64Array.from(taken, (i) => column[i] as number);
  return {
    at: pick(pointer.at),
    x: pick(pointer.x),
    y: pick(pointer.y),
    kind: new Uint8Array(pick(pointer.kind)),
    view: new Uint32Array(pick(pointer.view)),
    strokeFrom: Uint32Array.from(taken, (i) => place[pointer.strokeFrom[i] as number] as number),
    strokeTo: Uint32Array.from(taken, (i) => (place[(pointer.strokeTo[i] as number) - 1] as number) + 1),
  };
}

// The silhouette of a view at a position, and where on it a click lies; `frame.ts` calls both.
import { type Anchor, anchorOf, pointOf } from './anchor.ts';
import { chainOf } from './index-layouts.ts';
import type { Point } from './point.ts';
import type { Recording } from './recording.ts';
import type { Scene } from './scene.ts';
import { sceneAt } from './scene-at.ts';
import { type Shift, shiftsAt } from './shift.ts';
import type { View } from './tracks.ts';

export interface Silhouette {
  scene: Scene;
  /** One for each layer. */
  shifts: Shift[];
}

export const NO_SILHOUETTE: { scene: null; shifts: Shift[] } = { scene: null, shifts: [] };

/** Null where the page was never captured. */
export function silhouetteAt(recording: Recording, view: View, position: number, scroll: Point): Silhouette | null {
  const chain = chainOf(recording.layouts, view);
  if (!chain) return null;
  const scene = sceneAt(chain, position);
  return { scene, shifts: shiftsAt(scene, chain, scroll, position) };
}

/** Only saves work: what a click hit is a function of the recording. */
const anchors = new WeakMap<Recording, Map<number, Anchor | null>>();

/** Where the i-th click lies on what it hit; null where that is not known or gone, or belongs to another page load. */
export function clickOn(
  recording: Recording,
  i: number,
  viewIndex: number,
  { scene, shifts }: Silhouette,
): Point | null {
  const { clicks, views } = recording;
  const clicked = views[clicks.view[i] as number] as View;
  if (chainOf(recording.layouts, clicked) !== chainOf(recording.layouts, views[viewIndex] as View)) return null;
  let known = anchors.get(recording);
  if (!known) {
    known = new Map();
    anchors.set(recording, known);
  }
  let anchor = known.get(i);
  if (anchor === undefined) {
    anchor = findAnchor(recording, i, clicked);
    known.set(i, anchor);
  }
  return anchor && pointOf(anchor, scene, shifts);
}

function findAnchor(recording: Recording, i: number, view: View): Anchor | null {
  const { clicks } = recording;
  const scroll = { x: clicks.scrollX[i] as number, y: clicks.scrollY[i] as number };
  const then = silhouetteAt(recording, view, clicks.at[i] as number, scroll);
  const box = clicks.box[i];
  const point = { x: clicks.x[i] as number, y: clicks.y[i] as number };
  const told = box ? { ...box, x: box.x - scroll.x, y: box.y - scroll.y } : null;
  return then && anchorOf(then.scene, then.shifts, point, told);
}

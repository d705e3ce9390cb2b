// Where each layer of a scene stands at a position, and what of it is seen. Frames, anchors, names and the painter use it.
import type { Chain } from './index-layouts.ts';
import type { Point } from './point.ts';
import type { Box, Layer, Rectangle, Scene } from './scene.ts';
import { offsetAt } from './scroll.ts';

/** What has to be added to a layer's px to come to viewport px, and through what of the viewport it is seen; null: all of it. */
export interface Shift {
  x: number;
  y: number;
  clip: Rectangle | null;
}

export function shiftsAt(scene: Scene, chain: Chain, scroll: Point, position: number): Shift[] {
  const shifts: Shift[] = [];
  /** y in the viewport of the upper edge at which sticky parts of a layer stay. */
  const edges: number[] = [];
  for (const layer of scene.layers) {
    const parent = shifts[layer.parent] ?? { x: -scroll.x, y: -scroll.y, clip: null };
    const edge = edges[layer.parent] ?? 0;
    shifts.push(shiftOf(layer, parent, edge, chain, position));
    edges.push(layer.kind === 'scroller' ? layer.box.y + parent.y : layer.kind === 'fixed' ? NOWHERE : edge);
  }
  return shifts;
}

const NOWHERE = Number.NEGATIVE_INFINITY;

function shiftOf(layer: Layer, parent: Shift, edge: number, chain: Chain, position: number): Shift {
  switch (layer.kind) {
    case 'page':
      return parent;
    case 'fixed':
      return { x: 0, y: 0, clip: null };
    case 'sticky': {
      const now = Math.max(layer.natural, edge - parent.y + layer.top);
      return { x: parent.x, y: parent.y + now - layer.box.y, clip: parent.clip };
    }
    case 'scroller': {
      const track = chain.scrolled.get(layer.element);
      const offset = track ? offsetAt(track, position) : { x: 0, y: 0 };
      const seen = { ...layer.box, x: layer.box.x + parent.x, y: layer.box.y + parent.y };
      return { x: parent.x - offset.x, y: parent.y - offset.y, clip: parent.clip ? meet(seen, parent.clip) : seen };
    }
  }
}

/** What two rectangles have in common; width or height is 0 where that is nothing. */
export function meet(a: Rectangle, b: Rectangle): Rectangle {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  };
}

/** A layer's rectangle in viewport px, as far as it is seen. */
export function seenOf(rectangle: Rectangle, shift: Shift): Rectangle {
  const { width, height } = rectangle;
  const moved = { x: rectangle.x + shift.x, y: rectangle.y + shift.y, width, height };
  return shift.clip ? meet(moved, shift.clip) : moved;
}

/** The box that is painted last of those under the point (viewport px); null where there is none. */
export function topmost(scene: Scene, shifts: readonly Shift[], x: number, y: number): Box | null {
  for (let i = scene.boxes.length - 1; i >= 0; i--) {
    const box = scene.boxes[i] as Box;
    const seen = seenOf(box, shifts[box.layer] as Shift);
    if (x >= seen.x && y >= seen.y && x < seen.x + seen.width && y < seen.y + seen.height) return box;
  }
  return null;
}

// What captures told last of each element, kept up to date capture by capture. `index-layouts.ts` fills it, `scene-at.ts` makes rows of it.
import type { LayoutEvent } from '../format/event.ts';
import { BOX } from '../format/layout.ts';
import { LAYOUT_BOXES_MAX } from '../format/limits.ts';
import type { Row } from './scene.ts';

/** An element as one capture told it. */
export interface Told {
  /** Whose palette its colours are of. */
  event: LayoutEvent;
  /** Columns of BOX. */
  boxes: (readonly number[])[];
  /** Of a sticky element: its y where it does not stick; else 0. */
  natural: number;
}

const STICKY = 2;

export class Statements {
  readonly #live = new Map<number, Told>();
  #count = 0;

  /** All there is now; changes with every capture. */
  get live(): ReadonlyMap<number, Told> {
    return this.#live;
  }

  /** Follows a capture, and notes in `changed` what it told; the number of its rows. */
  add(event: LayoutEvent, changed: Map<number, Told | null>): number {
    for (const element of event.removed ?? []) {
      this.#remove(element);
      changed.set(element, null);
    }
    const stated = new Map<number, Told>();
    for (const columns of event.boxes ?? []) {
      const element = columns[BOX.element] ?? 0;
      let told = stated.get(element);
      if (!told) {
        const before = this.#live.get(element);
        this.#remove(element);
        changed.set(element, null);
        told = { event, boxes: [], natural: before?.natural ?? 0 };
        stated.set(element, told);
      }
      if (this.#count >= LAYOUT_BOXES_MAX) continue;
      this.#count++;
      told.boxes.push(columns);
      if ((columns[BOX.kind] ?? 0) >> 2 === STICKY) told.natural = naturalOf(columns, event, told.natural);
      this.#live.set(element, told);
      changed.set(element, told);
    }
    return (event.removed?.length ?? 0) + (event.boxes?.length ?? 0);
  }

  #remove(element: number): void {
    this.#count -= this.#live.get(element)?.boxes.length ?? 0;
    this.#live.delete(element);
  }
}

/** Where it stood by itself when it was captured, that is known; where it stuck, it can only be higher up. */
function naturalOf(columns: readonly number[], { scroll_y = 0 }: LayoutEvent, before: number): number {
  const y = columns[BOX.y] ?? 0;
  const sticks = y - scroll_y <= (columns[BOX.top] ?? 0) + 1;
  return sticks && scroll_y > 0 ? Math.min(y, before) : y;
}

export function rowsOf({ event, boxes, natural }: Told): Row[] {
  const { palette = [] } = event;
  return boxes.map((columns): Row => {
    const of = (column: number) => columns[column] ?? 0;
    const colour = (index: number) => (index > 0 ? (palette[index - 1] ?? '') : '');
    const kind = of(BOX.kind);
    const place = kind >> 2;
    return {
      kind: (kind & 3) as Row['kind'],
      place,
      x: of(BOX.x),
      y: of(BOX.y),
      width: of(BOX.width),
      height: of(BOX.height),
      element: of(BOX.element),
      within: of(BOX.within),
      level: of(BOX.level),
      fill: colour(of(BOX.fill)),
      line: colour(of(BOX.line)),
      around: of(BOX.sides) === 1,
      radius: of(BOX.radius),
      top: of(BOX.top),
      natural: place === STICKY ? natural : 0,
    };
  });
}

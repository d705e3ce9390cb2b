// Whether a frame looks like the one that is on the stage already: then nothing is drawn. `ui/stage.tsx` asks it.
import type { Frame, Rest } from '../../player/frame.ts';

const SEEN = ['viewport', 'document', 'scroll', 'shifts', 'cursor', 'trail', 'pulses', 'labels', 'elements'] as const;
/** √ms by which a rest may have grown: a tenth of a px of its disc. */
const GROWN = 0.6;

/** Ages count: what fades is drawn until it is gone. */
export function looksLike(a: Frame, b: Frame): boolean {
  return a.scene === b.scene && SEEN.every((part) => isSame(a[part], b[part])) && areSame(a.rests, b.rests);
}

function areSame(a: readonly Rest[], b: readonly Rest[]): boolean {
  return (
    a.length === b.length &&
    a.every((rest, i) => {
      const { x, y, length } = b[i] as Rest;
      return rest.x === x && rest.y === y && Math.abs(Math.sqrt(rest.length) - Math.sqrt(length)) < GROWN;
    })
  );
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const of = Object.entries(a);
  return (
    of.length === Object.keys(b).length && of.every(([key, value]) => isSame(value, (b as typeof a)[key as never]))
  );
}

// How something moves between two samples: smooth where they are close, at rest where they are not. For cursor and scroll.

/** Samples of one coordinate. `close`: ms up to which two samples are one motion; `lead`: ms that a motion after a rest takes. */
export interface Glide {
  close: number;
  lead: number;
}

/**
 * The value at `position`, between sample `i` (at or before it) and its successor; samples lie in `[from, to)`.
 * Monotone in every interval (Fritsch and Carlson), so nothing ever overshoots a place where the visitor has been.
 */
export function glideAt(
  times: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
  i: number,
  position: number,
  glide: Glide,
): number {
  const value = values[i] as number;
  if (i + 1 >= to) return value;
  const end = times[i + 1] as number;
  const apart = end - (times[i] as number);
  const span = spanOf(apart, glide);
  const start = end - span;
  if (position <= start || span === 0) return value;
  const next = values[i + 1] as number;
  const u = (position - start) / span;
  const m0 = apart > glide.close ? 0 : slopeAt(times, values, from, to, i, glide) * span;
  const m1 = slopeAt(times, values, from, to, i + 1, glide) * span;
  const u2 = u * u;
  const u3 = u2 * u;
  return (2 * u3 - 3 * u2 + 1) * value + (u3 - 2 * u2 + u) * m0 + (3 * u2 - 2 * u3) * next + (u3 - u2) * m1;
}

/** px per ms at sample `i`; 0 where it turns, rests or ends. The harmonic mean keeps the curve monotone. */
function slopeAt(times: Float64Array, values: Float64Array, from: number, to: number, i: number, glide: Glide): number {
  if (i <= from || i + 1 >= to) return 0;
  const before = (times[i] as number) - (times[i - 1] as number);
  const after = (times[i + 1] as number) - (times[i] as number);
  if (after > glide.close || before === 0 || after === 0) return 0;
  const arriving = ((values[i] as number) - (values[i - 1] as number)) / spanOf(before, glide);
  const leaving = ((values[i + 1] as number) - (values[i] as number)) / after;
  return arriving * leaving <= 0 ? 0 : (2 * arriving * leaving) / (arriving + leaving);
}

/** ms before the later sample at which the motion towards it begins. */
function spanOf(apart: number, glide: Glide): number {
  return apart > glide.close ? glide.lead : apart;
}

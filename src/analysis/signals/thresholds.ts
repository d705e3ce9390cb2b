// When something counts as a signal, in one table: the defaults, which the setting SIGNALS changes. Read by each signal, by settings and by GET /replay/facets.
import type { Signal } from '../../format/signal.ts';

export const THRESHOLDS = {
  /** So many clicks in one place, each at most `ms` after the one before, `px` around the first; not where each had an effect within `effect_ms`. */
  rage_click: { clicks: 4, ms: 700, px: 40, effect_ms: 400 },
  /** So many presses within `ms` of one element that does not look as if it could be pressed; of one that does, one will do. */
  dead_click: { clicks: 2, ms: 10_000 },
  /** An error at most `ms` after a click. */
  error_click: { ms: 1000 },
  /** Back where one was, after at least `min_ms` and at most `ms` elsewhere. */
  quick_back: { min_ms: 600, ms: 5000 },
  /** So many sharp turns of the mouse, no two further apart than `ms`, with at least `px` between them. */
  thrashed_cursor: { turns: 8, ms: 400, px: 120 },
  /** So many turns up and down within `ms`, with at least so many `screens` between them. */
  excessive_scroll: { turns: 5, ms: 20_000, screens: 1 },
  /** The mouse stood on an element for at least `ms`, at most `max_ms`, before it was clicked. */
  hesitation: { ms: 6000, max_ms: 30_000 },
  /** So many fields, without a submit before the page was left. */
  abandoned_form: { fields: 2 },
} satisfies Record<Signal, Readonly<Record<string, number>>>;

/** The thresholds of each signal; null: it is not looked for. */
export type Thresholds = { readonly [S in Signal]: Readonly<(typeof THRESHOLDS)[S]> | null };

/** Of one signal that is looked for. */
export type ThresholdsOf<S extends Signal> = Readonly<(typeof THRESHOLDS)[S]>;

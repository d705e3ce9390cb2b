// Signals: what tells that a visitor struggled, as the API lists it. Concluded from events by analysis/signals, shown by the viewer.

export const SIGNALS = [
  'rage_click',
  'dead_click',
  'error_click',
  'quick_back',
  'thrashed_cursor',
  'excessive_scroll',
  'hesitation',
  'abandoned_form',
] as const;

export type Signal = (typeof SIGNALS)[number];

/** One place of a session where a signal was found. */
export interface Finding {
  signal: Signal;
  /** Epoch ms of its first and its last event; the same where it is a moment. */
  from: number;
  to: number;
  page: string;
  /** As in a click's `element`; null where no element is meant. */
  element: string | null;
  /** Why, with its figures, in one sentence without a full stop: `4 clicks in 0.9 s on BUTTON#pay, nothing happened`. */
  reason: string;
}

// The part of a session that its timeline shows, and how that is zoomed and moved: pure, ms from the start. The timeline calls it.

/** `from` < `to`, within the recording. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** ms: no closer can one look. */
const SPAN_MIN = 1000;
/** Share of the window that lies before the playhead after a turn on, and after one back. */
const LEAD = 0.1;
const LEAD_BACK = 0.6;

/** The whole; never empty, so that it can be divided by. */
export function wholeOf(duration: number): TimeWindow {
  return { from: 0, to: Math.max(1, duration) };
}

export function isWhole({ from, to }: TimeWindow, duration: number): boolean {
  return from <= 0 && to >= duration;
}

/** `factor` above 1 comes closer; what is at `at` stays where it is, unless an end of the session is reached. */
export function zoomAbout(window: TimeWindow, duration: number, at: number, factor: number): TimeWindow {
  const span = window.to - window.from;
  const wanted = Math.min(Math.max(span / factor, SPAN_MIN), wholeOf(duration).to);
  const share = Math.min(1, Math.max(0, (at - window.from) / span));
  return held(at - share * wanted, wanted, duration);
}

export function panBy({ from, to }: TimeWindow, duration: number, ms: number): TimeWindow {
  return held(from + ms, to - from, duration);
}

/** Moved no further than is needed to hold `at`. */
export function reveal(window: TimeWindow, duration: number, at: number): TimeWindow {
  if (at < window.from) return panBy(window, duration, at - window.from);
  if (at > window.to) return panBy(window, duration, at - window.to);
  return window;
}

/** Moved as one turns a page: `at` lies near its beginning, with what comes next before it. */
export function turnTo(window: TimeWindow, duration: number, at: number): TimeWindow {
  const span = window.to - window.from;
  return held(at - (at < window.from ? LEAD_BACK : LEAD) * span, span, duration);
}

function held(from: number, span: number, duration: number): TimeWindow {
  const whole = wholeOf(duration).to;
  const begin = Math.min(Math.max(0, from), Math.max(0, whole - span));
  return { from: begin, to: Math.min(whole, begin + span) };
}

/** Steps of a ruler, ms: what people count in. */
const STEPS = [
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * 3_600_000),
];

/** Round times in the window, at least `apart` ms from each other. */
export function roundTimes({ from, to }: TimeWindow, apart: number): { step: number; times: number[] } {
  const last = STEPS.at(-1) as number;
  const step = STEPS.find((step) => step >= apart) ?? Math.ceil(apart / last) * last;
  const times: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) times.push(at);
  return { step, times };
}

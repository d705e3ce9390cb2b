// How far a turn of the wheel goes. Used by gestures.ts and timeline-gestures.ts.

/** By how much it zooms: per px, which is what a trackpad's pinch tells, too. */
const ZOOM = 0.01;
const MOST = 30;
/** px of a line, where a wheel turns by lines. */
const LINE = 16;

/** px of what the event counts in; `page`: px of a whole page. */
export function unitOf({ deltaMode }: WheelEvent, page: number): number {
  return deltaMode === 1 ? LINE : deltaMode === 2 ? page : 1;
}

/** Above 1 comes closer; null: it is not meant to zoom. */
export function zoomOf(event: WheelEvent, unit: number): number | null {
  if (!event.ctrlKey && !event.metaKey) return null;
  return Math.exp(-Math.min(MOST, Math.max(-MOST, event.deltaY * unit)) * ZOOM);
}

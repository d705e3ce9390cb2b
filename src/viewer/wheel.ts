// Turns of the wheel, and pinches of a trackpad, which Safari tells by events of its own. Used by gestures.ts and timeline-gestures.ts.
import type { Point } from '../player/point.ts';

/** By how much it zooms: per px, which is what a trackpad's pinch tells, too. */
const ZOOM = 0.01;
const MOST = 30;
/** px of a line, where a wheel turns by lines. */
const LINE = 16;

/** px of what the event counts in; `page`: px of a whole page. */
function unitOf({ deltaMode }: WheelEvent, page: number): number {
  return deltaMode === 1 ? LINE : deltaMode === 2 ? page : 1;
}

/** Above 1 comes closer; null: it is not meant to zoom. */
function zoomOf(event: WheelEvent, unit: number): number | null {
  if (!event.ctrlKey && !event.metaKey) return null;
  return Math.exp(-Math.min(MOST, Math.max(-MOST, event.deltaY * unit)) * ZOOM);
}

/** `scale` counts from the beginning of the gesture: https://developer.apple.com/documentation/webkitjs/gestureevent */
type SafariGesture = MouseEvent & { readonly scale: number };

export interface Wheel {
  /** px of a page's turn. */
  page(): number;
  /** There are fingers on the glass, whose pinches Safari tells twice. */
  isTouched(): boolean;
  /** Above 1 comes closer. */
  zoom(factor: number, at: Point): void;
  /** `unit`: px of what the event counts in. False: there is nothing to be moved that way, and the page may have it. */
  turn(event: WheelEvent, unit: number): boolean;
}

/** px from the element's upper left corner. */
export function placeIn(element: HTMLElement, { clientX, clientY }: MouseEvent): Point {
  const { left, top } = element.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

/** Until `signal` says so. */
export function listenToWheel(element: HTMLElement, signal: AbortSignal, wheel: Wheel): void {
  const turn = (event: WheelEvent) => {
    const unit = unitOf(event, wheel.page());
    const factor = zoomOf(event, unit);
    if (factor !== null) wheel.zoom(factor, placeIn(element, event));
    if (factor !== null || wheel.turn(event, unit)) event.preventDefault();
  };
  element.addEventListener('wheel', turn, { signal, passive: false });
  let before = 1;
  const pinch = (event: Event) => {
    // Else Safari zooms the whole page.
    event.preventDefault();
    const { type, scale } = event as SafariGesture;
    const isChange = type === 'gesturechange' && scale > 0;
    if (isChange && !wheel.isTouched()) wheel.zoom(scale / before, placeIn(element, event as SafariGesture));
    before = isChange ? scale : 1;
  };
  for (const name of ['gesturestart', 'gesturechange', 'gestureend']) element.addEventListener(name, pinch, { signal });
}

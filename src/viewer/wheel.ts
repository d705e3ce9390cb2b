// How far a turn of the wheel goes, and pinches of a trackpad, which Safari tells by events of its own. Used by gestures.ts and timeline-gestures.ts.

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

/** `scale` counts from the beginning of the gesture: https://developer.apple.com/documentation/webkitjs/gestureevent */
export type SafariGesture = MouseEvent & { readonly scale: number };

/** Until `signal` says so. `isTouched`: there are fingers on the glass, whose pinches Safari tells twice. */
export function listenToPinch(
  element: HTMLElement,
  signal: AbortSignal,
  isTouched: () => boolean,
  zoom: (factor: number, event: SafariGesture) => void,
): void {
  let before = 1;
  const pinch = (event: Event) => {
    // Else Safari zooms the whole page.
    event.preventDefault();
    const { type, scale } = event as SafariGesture;
    if (type === 'gesturechange' && scale > 0 && !isTouched()) zoom(scale / before, event as SafariGesture);
    before = type === 'gesturechange' && scale > 0 ? scale : 1;
  };
  for (const name of ['gesturestart', 'gesturechange', 'gestureend']) element.addEventListener(name, pinch, { signal });
}

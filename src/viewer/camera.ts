// How the user looks at the stage: nearer, elsewhere, or at the whole page by himself. Keys, buttons and fingers move it; `ui/stage.tsx` draws what it sees.
import { computed, effect, signal } from '@preact/signals';
import { type Frame, frameAt } from '../player/frame.ts';
import type { Point } from '../player/point.ts';
import { type Camera, FITTING, type Fit, leastScale, lookAt, SCALE_MAX } from './draw/fit.ts';
import type { Size } from './draw/surface.ts';
import { frame, position, recording, watched } from './playback.ts';

/** CSS px. */
export const stageSize = signal<Size>({ width: 1, height: 1 });
export const camera = signal<Camera>(FITTING);
/** The user looks where the visitor did not: the stage is then as large as there is room. */
export const isMoved = computed(() => camera.value !== FITTING);
export const isFree = computed(() => camera.value.free);

/** What the camera sees: of a free one more than the visitor did. */
export const stageFrame = computed<Frame | null>(() =>
  isFree.value && watched.value ? frameAt(watched.value, position.value, true) : frame.value,
);
export const fit = computed<Fit | null>(
  () => stageFrame.value && lookAt(stageFrame.value, stageSize.value, camera.value),
);

/** Less of the page is on the stage than the visitor had in sight. */
export const isNear = computed(() => {
  const seen = stageFrame.value;
  return !!seen && !!fit.value && fit.value.scale > leastScale(seen, stageSize.value, false) * 1.001;
});

/** By which a key or button zooms. */
export const ZOOM_STEP = 1.25;

/** px of the viewport that lie under a point of the stage (px from its upper left corner); null while nothing is shown. */
export function pointAt(at: Point): Point | null {
  const now = fit.peek();
  return now && { x: (at.x - now.left) / now.scale, y: (at.y - now.top) / now.scale };
}

/** `at` stays where it is: px from the stage's upper left corner; without it the cursor does where the camera follows it, else the middle. */
export function zoomBy(factor: number, at: Point = cursorOnStage() ?? middleOfStage()): void {
  const now = fit.peek();
  const seen = stageFrame.peek();
  const under = pointAt(at);
  if (!now || !seen || !under) return;
  const { free } = camera.peek();
  const least = leastScale(seen, stageSize.peek(), free);
  const scale = Math.min(SCALE_MAX, Math.max(least, now.scale * factor));
  if (!free && scale <= least * 1.001) {
    camera.value = FITTING;
    return;
  }
  const middle = middleOfStage();
  place(scale, { x: under.x + (middle.x - at.x) / scale, y: under.y + (middle.y - at.y) / scale }, free);
}

/** Stage px by which the page moves. */
export function panBy(x: number, y: number): void {
  const now = fit.peek();
  const middle = pointAt(middleOfStage());
  if (!now || !middle) return;
  const { scale, free } = camera.peek();
  place(scale, { x: middle.x - x / now.scale, y: middle.y - y / now.scale }, free);
}

/** Moves the camera over the page; it is free from then on. False: there is nothing beyond. */
export function moveBy(x: number, y: number): boolean {
  const seen = stageFrame.peek();
  if (!seen) return false;
  if (!isMoved.peek()) {
    if (y === 0 || seen.document.height <= seen.viewport.height + 1) return false;
  }
  // Who looks elsewhere is not led back to the cursor.
  setFree(true);
  panBy(x, y);
  return true;
}

export function setFree(free: boolean): void {
  const now = fit.peek();
  const middle = pointAt(middleOfStage());
  if (!now || !middle || free === camera.peek().free) return;
  const { scale } = camera.peek();
  if (free) place(scale ?? now.scale, middle, true);
  else if (!isNear.peek()) showAll();
  else place(scale, middle, false);
}

/** Back to what the visitor saw, whole. */
export function showAll(): void {
  camera.value = FITTING;
}

/** As large as it was on the visitor's screen. */
export function showActual(): void {
  zoomTo(1);
}

/** As wide as the stage can be. */
export function showWidth(): void {
  const seen = stageFrame.peek();
  if (seen) zoomTo(roomWidth.peek() / seen.viewport.width);
}

/** CSS px that the stage may be wide; the player tells. */
export const roomWidth = signal(1);

function zoomTo(scale: number): void {
  const now = fit.peek();
  if (now) zoomBy(scale / now.scale);
}

function place(scale: number | null, middle: Point, free: boolean): void {
  const scroll = stageFrame.peek()?.scroll ?? { x: 0, y: 0 };
  camera.value = free
    ? { scale, free, x: middle.x + scroll.x, y: middle.y + scroll.y }
    : { scale, free, x: middle.x, y: middle.y };
}

/** Null: the camera does not follow it, or it is not to be seen. */
function cursorOnStage(): Point | null {
  const now = fit.peek();
  const cursor = camera.peek().free ? null : stageFrame.peek()?.cursor;
  if (!now || !cursor) return null;
  const { width, height } = stageSize.peek();
  const at = { x: now.left + cursor.x * now.scale, y: now.top + cursor.y * now.scale };
  return at.x >= 0 && at.y >= 0 && at.x <= width && at.y <= height ? at : null;
}

function middleOfStage(): Point {
  const { width, height } = stageSize.peek();
  return { x: width / 2, y: height / 2 };
}

/** Another session is looked at anew. */
export function keepCamera(): void {
  const session = computed(() => recording.value?.session.session_id);
  effect(() => {
    void session.value;
    showAll();
  });
}

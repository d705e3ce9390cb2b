// Where the page is shown nearer than it fits, the camera goes along with the visitor's cursor, until the user looks elsewhere himself. `main.tsx` starts it.
import { effect, untracked } from '@preact/signals';
import type { Point } from '../player/point.ts';
import { camera, fit, panBy, stageSize } from './camera.ts';
import { isStill } from './draw/look.ts';
import { frame, isPlaying } from './playback.ts';

/** Share of the stage beside each edge into which the cursor does not get before the camera moves. */
const MARGIN = 0.25;
const EDGE = 0.04;
const MIDDLE = 0.5;
/** ms in which two thirds of a way are gone. */
const CALM_MS = 180;
/** Stage px: it has arrived. */
const NEAR = 0.5;

export function keepFollowing(): void {
  let before: Point | null = null;
  let isOnItsWay = false;
  effect(() => {
    const cursor = frame.value?.cursor ?? null;
    untracked(() => {
      const hasMoved = cursor !== null && (cursor.x !== before?.x || cursor.y !== before.y);
      before = cursor;
      if (!hasMoved || isOnItsWay) return;
      const off = offOf(isStill.peek() ? EDGE : MARGIN);
      if (!off || !isFar(off)) return;
      // Where less motion is wanted it moves seldom and at once, and so it does where the user went elsewhere in time.
      if (isStill.peek()) move(offOf(MIDDLE) ?? off, 1);
      else if (!isPlaying.peek()) move(off, 1);
      else glide();
    });
  });
  const glide = () => {
    isOnItsWay = true;
    let last = performance.now();
    requestAnimationFrame(function step(now: number) {
      const off = offOf(MARGIN);
      const share = 1 - Math.exp(-Math.max(0, now - last) / CALM_MS);
      isOnItsWay = off !== null && isFar(off) && (share === 0 || move(off, share));
      last = now;
      if (isOnItsWay) requestAnimationFrame(step);
    });
  };
}

/** Stage px by which the cursor lies nearer to an edge than it should; null where the camera does not follow. */
function offOf(margin: number): Point | null {
  const cursor = frame.peek()?.cursor;
  const now = fit.peek();
  const { scale, free } = camera.peek();
  if (!cursor || !now || scale === null || free) return null;
  const { width, height } = stageSize.peek();
  return {
    x: beyond(now.left + cursor.x * now.scale, width, margin),
    y: beyond(now.top + cursor.y * now.scale, height, margin),
  };
}

function beyond(at: number, length: number, margin: number): number {
  return Math.min(0, at - length * margin) + Math.max(0, at - length * (1 - margin));
}

function isFar({ x, y }: Point): boolean {
  return Math.hypot(x, y) > NEAR;
}

/** False: the page ends there. */
function move({ x, y }: Point, share: number): boolean {
  const { left, top } = fit.peek()!;
  panBy(-x * share, -y * share);
  return left !== fit.peek()!.left || top !== fit.peek()!.top;
}

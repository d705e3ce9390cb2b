// The canvas on which the session plays, and the notices over it.
import { computed, effect, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Frame } from '../../player/frame.ts';
import type { Point } from '../../player/point.ts';
import {
  camera,
  fit,
  isFree,
  isMoved,
  isNear,
  moveBy,
  panBy,
  pointAt,
  setFree,
  showAll,
  stageFrame,
  stageSize,
  zoomBy,
} from '../camera.ts';
import { isStill, look } from '../draw/look.ts';
import { forgetPictures } from '../draw/pictures.ts';
import { looksLike } from '../draw/sight.ts';
import { drawStage } from '../draw/stage.ts';
import { prepare, watchSize } from '../draw/surface.ts';
import { hasJustWoken } from '../full-screen.ts';
import { listen } from '../gestures.ts';
import { keyed } from '../keyboard.ts';
import { frame, isComing, isPlaying, recording, togglePlay } from '../playback.ts';
import { showTrail } from '../preferences.ts';
import { passing } from './focus.ts';
import { Icon } from './icons.tsx';
import { Notices } from './notices.tsx';
import { isPlain } from './own-keys.ts';

/** Where the user's mouse is, or his finger was, over the page: px of the visitor's viewport. */
const pointed = signal<Point | null>(null);

/** By which two taps bring the page nearer. */
const NEAR = 2.5;
/** px of the stage that an arrow key moves the page. */
const KEY_STEP = 60;

function point(event: PointerEvent): void {
  if (event.pointerType !== 'mouse') return;
  const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
  name(event.buttons === 0 ? { x: event.clientX - left, y: event.clientY - top } : null);
}

/** What lies there is named; px of the stage. */
function name(at: Point | null): void {
  const viewport = frame.peek()?.viewport;
  const under = frame.peek()?.scene && at && pointAt(at);
  const isThere =
    under &&
    viewport &&
    (isFree.peek() || (under.x >= 0 && under.y >= 0 && under.x < viewport.width && under.y < viewport.height));
  pointed.value = isThere ? under : null;
}

const gestures = {
  tap(at: Point, kind: string) {
    if (kind !== 'mouse' && hasJustWoken()) return;
    togglePlay();
    // A finger cannot hover: it names what it stopped at.
    if (kind !== 'mouse') name(isPlaying.peek() ? null : at);
  },
  doubleTap(at: Point) {
    if (isMoved.peek()) showAll();
    else zoomBy(NEAR, at);
  },
  move: moveBy,
  zoom: zoomBy,
  drift(x: number, y: number) {
    if (isMoved.peek()) panBy(x, y);
    else moveBy(x, y);
  },
};

/** A page that is larger than the stage is moved by the arrow keys, once it has the focus. */
function moveByKey(event: KeyboardEvent): void {
  const now = fit.peek();
  if (!now || !isPlain(event) || !isMoved.peek()) return;
  const { width, height } = stageSize.peek();
  const steps: Record<string, readonly [x: number, y: number]> = {
    ArrowUp: [0, KEY_STEP],
    ArrowDown: [0, -KEY_STEP],
    PageUp: [0, height * 0.9],
    PageDown: [0, -height * 0.9],
    ...(now.width > width + 1 && { ArrowLeft: [KEY_STEP, 0], ArrowRight: [-KEY_STEP, 0] }),
  };
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  moveBy(...step);
}

/** Why the page is drawn as it is; empty where it is as the visitor saw it. */
const reason = computed(() => {
  const seen = frame.value;
  if (isComing.value) return '';
  if (seen?.scene) return seen.scene.outline ? 'Outlines from an import, not what was seen.' : '';
  switch (seen?.plain) {
    case 'imported':
      return 'Imported without outline: drawn as plain paper';
    case 'off':
      return 'Recorded without outline: drawn as plain paper';
    default:
      return '';
  }
});

export function Stage(): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const surface = canvas.current!;
    const stopListening = listen(holder.current!, gestures);
    surface.parentElement?.addEventListener('keydown', moveByKey);
    const stopWatching = watchSize(holder.current!, (size) => {
      stageSize.value = size;
    });
    const lost = signal(0);
    const drawAnew = () => {
      forgetPictures();
      lost.value++;
    };
    surface.addEventListener('contextrestored', drawAnew);
    const circumstances = computed(() => ({
      lost: lost.value,
      size: stageSize.value,
      look: look.value,
      options: { trail: showTrail.value, still: isStill.value, pointed: pointed.value, camera: camera.value },
    }));
    let drawn: { frame: Frame | null; under: typeof circumstances.value } | null = null;
    const stopDrawing = effect(() => {
      const under = circumstances.value;
      const now = stageFrame.value;
      if (drawn?.under === under && drawn.frame && now && looksLike(drawn.frame, now)) return;
      const context = prepare(surface, under.size, true);
      if (!context) return;
      drawStage(context, under.size, now, under.look, under.options);
      drawn = { frame: now, under };
    });
    return () => {
      stopWatching();
      stopListening();
      stopDrawing();
      surface.removeEventListener('contextrestored', drawAnew);
    };
  }, []);

  return (
    <div class="stage" ref={holder} onPointerMove={point} onPointerLeave={() => (pointed.value = null)}>
      <div
        class="stage-pane"
        data-moved={isMoved.value || undefined}
        {...(isMoved.value && { tabIndex: 0, role: 'region', 'aria-label': 'Page: arrow keys move it' })}
      >
        <canvas class="stage-canvas" ref={canvas} role="img" aria-label="Replay" />
      </div>
      <p class="stage-reason" role="status">
        {reason}
      </p>
      {isMoved.value && <Tools />}
      {recording.value ? <Notices /> : <p class="stage-loading">Loading the session…</p>}
    </div>
  );
}

/** The way back from where the user looks by himself. */
function Tools(): JSX.Element {
  return (
    <div class="stage-tools">
      {isFree.value && (
        <button
          class="button"
          type="button"
          {...keyed('Follow the visitor again', 'free')}
          onClick={passing(() => setFree(false))}
        >
          <Icon name="follow" />
          Follow again
        </button>
      )}
      {isNear.value && (
        <button class="button" type="button" {...keyed('Fit the page', 'fit')} onClick={passing(showAll)}>
          <Icon name="contract" />
          Fit
        </button>
      )}
    </div>
  );
}

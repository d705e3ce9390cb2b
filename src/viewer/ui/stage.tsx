// The canvas on which the session plays, and the notices over it.
import { computed, effect, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Frame } from '../../player/frame.ts';
import { fitViewport } from '../draw/fit.ts';
import { isStill, look } from '../draw/look.ts';
import { forgetPictures } from '../draw/pictures.ts';
import { looksLike } from '../draw/sight.ts';
import { drawStage } from '../draw/stage.ts';
import { prepare, type Size, watchSize } from '../draw/surface.ts';
import { frame, recording } from '../playback.ts';
import { showTrail } from '../preferences.ts';
import { Notices } from './notices.tsx';

/** CSS px. */
export const stageSize = signal<Size>({ width: 1, height: 1 });

/** Where the user's mouse is over the visitor's viewport, px of it. */
const pointed = signal<{ x: number; y: number } | null>(null);

function point(event: PointerEvent): void {
  const viewport = frame.peek()?.viewport;
  const silent = event.pointerType !== 'mouse' || event.buttons !== 0 || !frame.peek()?.scene;
  if (!viewport || silent || !(event.currentTarget instanceof Element)) {
    pointed.value = null;
    return;
  }
  const { left, top } = event.currentTarget.getBoundingClientRect();
  const fit = fitViewport(viewport, stageSize.peek());
  const x = (event.clientX - left - fit.left) / fit.scale;
  const y = (event.clientY - top - fit.top) / fit.scale;
  pointed.value = x >= 0 && y >= 0 && x < viewport.width && y < viewport.height ? { x, y } : null;
}

/** Why the page is drawn as it is; empty where it is as the visitor saw it. */
const reason = computed(() => {
  const seen = frame.value;
  if (seen?.scene) return seen.scene.outline ? 'Outlines from an import, not what was seen.' : '';
  switch (seen?.plain) {
    case 'imported':
      return 'Imported: the page was not captured, it is drawn as plain paper.';
    case 'off':
      return 'Recorded without silhouettes: the page is drawn as plain paper.';
    default:
      return '';
  }
});

export function Stage(): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const surface = canvas.current!;
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
      options: { trail: showTrail.value, still: isStill.value, pointed: pointed.value },
    }));
    let drawn: { frame: Frame | null; under: typeof circumstances.value } | null = null;
    const stopDrawing = effect(() => {
      const under = circumstances.value;
      const now = frame.value;
      if (drawn?.under === under && drawn.frame && now && looksLike(drawn.frame, now)) return;
      const context = prepare(surface, under.size, true);
      if (!context) return;
      drawStage(context, under.size, now, under.look, under.options);
      drawn = { frame: now, under };
    });
    return () => {
      stopWatching();
      stopDrawing();
      surface.removeEventListener('contextrestored', drawAnew);
    };
  }, []);

  return (
    <div class="stage" ref={holder} onPointerMove={point} onPointerLeave={() => (pointed.value = null)}>
      <canvas class="stage-canvas" ref={canvas} role="img" aria-label="Replay" />
      <p class="stage-reason" role="status">
        {reason}
      </p>
      {recording.value ? <Notices /> : <p class="stage-loading">Loading the session…</p>}
    </div>
  );
}

// The canvas on which the session plays, and the notices over it.
import { effect, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { isStill, look } from '../draw/look.ts';
import { drawStage } from '../draw/stage.ts';
import { prepare, type Size, watchSize } from '../draw/surface.ts';
import { frame, recording } from '../playback.ts';
import { showTrail } from '../preferences.ts';
import { Notices } from './notices.tsx';

/** CSS px. */
export const stageSize = signal<Size>({ width: 1, height: 1 });

export function Stage(): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const surface = canvas.current!;
    const stopWatching = watchSize(holder.current!, (size) => {
      stageSize.value = size;
    });
    const stopDrawing = effect(() => {
      const context = prepare(surface, stageSize.value);
      if (!context) return;
      const options = { trail: showTrail.value, still: isStill.value };
      if (frame.value) drawStage(context, stageSize.value, frame.value, look.value, options);
      else context.clearRect(0, 0, stageSize.value.width, stageSize.value.height);
    });
    return () => {
      stopWatching();
      stopDrawing();
    };
  }, []);

  return (
    <div class="stage" ref={holder}>
      <canvas class="stage-canvas" ref={canvas} role="img" aria-label="Replay" />
      {recording.value ? <Notices /> : <p class="stage-loading">Loading the session…</p>}
    </div>
  );
}

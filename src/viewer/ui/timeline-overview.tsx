// Below the lanes: the whole session in little, with the part that the lanes show. It is dragged to move that part; keys move the playhead, and the part follows.
import { effect, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { wholeOf } from '../../player/time-window.ts';
import { prepare, type Size, watchSize } from '../draw/surface.ts';
import { drawOverview } from '../draw/timeline.ts';
import { duration, position } from '../playback.ts';
import { drawing } from '../timeline-state.ts';
import { isZoomed, pan, shown } from '../timeline-window.ts';

const size = signal<Size>({ width: 1, height: 1 });
/** px: the part is never too small to be seen. */
const PART_MIN = 8;

export function TimelineOverview(): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const part = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  /** ms between the pointer and the middle of the part, while it is dragged. */
  const off = useRef<number | null>(null);

  useEffect(() => {
    // Taken now: when the session is left, the last turn of an effect may come after they are gone.
    const [surface, frame, line] = [canvas.current!, part.current!, head.current!];
    let drawn: unknown[] = [];
    const stop = [
      watchSize(box.current!, (measured) => {
        size.value = measured;
      }),
      effect(() => {
        const now = drawing.value;
        const inputs = [now?.recording, now?.look, size.value];
        if (inputs.every((input, i) => input === drawn[i])) return;
        const pen = prepare(surface, size.value);
        if (!pen) return;
        drawn = inputs;
        if (now) drawOverview(pen, { ...now, size: size.value, window: wholeOf(now.recording.duration) });
        else pen.clearRect(0, 0, size.value.width, size.value.height);
      }),
      effect(() => {
        const whole = wholeOf(duration.value).to;
        const { from, to } = shown.value;
        const width = Math.max(PART_MIN, ((to - from) / whole) * size.value.width);
        const left = Math.min((from / whole) * size.value.width, size.value.width - width);
        frame.style.width = `${width}px`;
        frame.style.transform = `translateX(${left}px)`;
      }),
      effect(() => {
        const x = (position.value / wholeOf(duration.value).to) * size.value.width;
        line.style.transform = `translateX(${x}px)`;
      }),
    ];
    return () => {
      for (const end of stop) end();
    };
  }, []);

  const timeOf = (event: PointerEvent) => {
    const { left, width } = box.current!.getBoundingClientRect();
    return ((event.clientX - left) / width) * duration.value;
  };
  const middle = () => (shown.peek().from + shown.peek().to) / 2;
  const take = (event: PointerEvent) => {
    if (event.button !== 0 || !isZoomed.value) return;
    box.current!.setPointerCapture(event.pointerId);
    const { from, to } = shown.peek();
    const at = timeOf(event);
    off.current = at >= from && at <= to ? middle() - at : 0;
    move(event);
  };
  const move = (event: PointerEvent) => {
    if (off.current !== null) pan(timeOf(event) + off.current - middle());
  };
  const release = () => {
    off.current = null;
  };

  return (
    <div
      class="overview"
      ref={box}
      aria-hidden="true"
      data-zoomed={isZoomed.value || undefined}
      onPointerDown={take}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={release}
    >
      <canvas class="overview-canvas" ref={canvas} />
      <div class="overview-part" ref={part} />
      <div class="overview-head" ref={head} />
    </div>
  );
}

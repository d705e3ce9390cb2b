// The timeline: a slider over the whole session with everything that happened drawn behind it.
import { effect, signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { frameAt } from '../../player/frame.ts';
import { look } from '../draw/look.ts';
import { prepare, type Size, watchSize } from '../draw/surface.ts';
import { drawTimeline } from '../draw/timeline.ts';
import { duration, isScrubbing, position, recording, STEP_MS, seekTo } from '../playback.ts';
import { clockText, pathText, shortText } from '../words.ts';

const size = signal<Size>({ width: 1, height: 1 });
/** ms that Page Up and Page Down move, where a tenth of the session is less. */
const PAGE_MIN_MS = 30_000;
const PATH_MAX = 32;

export function Timeline(): JSX.Element {
  const slider = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const played = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  /** 0 to 1; null while nothing points at the timeline. */
  const pointed = useSignal<number | null>(null);

  useEffect(() => {
    const [box, surface, bar, line] = [slider.current!, canvas.current!, played.current!, head.current!];
    const stop = [
      watchSize(box, (measured) => {
        size.value = measured;
      }),
      effect(() => {
        const context = prepare(surface, size.value);
        if (!context) return;
        if (recording.value) drawTimeline(context, size.value, recording.value, look.value);
        else context.clearRect(0, 0, size.value.width, size.value.height);
      }),
      // Written straight to the elements: this runs with every animation frame.
      effect(() => {
        const share = duration.value > 0 ? position.value / duration.value : 0;
        bar.style.transform = `translateX(${(share - 1) * 100}%)`;
        line.style.transform = `translateX(${share * size.value.width}px)`;
        tell(box);
      }),
    ];
    return () => {
      for (const end of stop) end();
    };
  }, []);

  const shareOf = (event: PointerEvent) => {
    const box = slider.current!.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const take = (event: PointerEvent) => {
    if (event.button !== 0 || !recording.value) return;
    slider.current!.setPointerCapture(event.pointerId);
    isScrubbing.value = true;
    follow(event);
  };
  const follow = (event: PointerEvent) => {
    pointed.value = shareOf(event);
    if (isScrubbing.value) seekTo(pointed.value * duration.value);
  };
  const release = () => {
    isScrubbing.value = false;
  };
  const step = (event: KeyboardEvent) => {
    const target = targetOf(event.key);
    if (target === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    seekTo(target);
  };

  return (
    <div
      class="timeline"
      ref={slider}
      role="slider"
      tabIndex={0}
      aria-label="Timeline"
      aria-valuemin={0}
      aria-valuenow={0}
      onPointerDown={take}
      onPointerMove={follow}
      onPointerUp={release}
      onPointerCancel={release}
      onPointerLeave={() => {
        pointed.value = null;
      }}
      onKeyDown={step}
    >
      <div class="timeline-room">
        <div class="timeline-played" ref={played} />
      </div>
      <canvas class="timeline-canvas" ref={canvas} />
      <div class="timeline-head" ref={head} />
      {pointed.value !== null && <Preview share={pointed.value} />}
    </div>
  );
}

/** What is there, at the place pointed at. */
function Preview({ share }: { share: number }): JSX.Element | null {
  if (!recording.value) return null;
  const at = share * duration.value;
  const there = frameAt(recording.value, at);
  const what = there.gap
    ? 'events missing'
    : there.hidden
      ? 'tab hidden'
      : there.idle
        ? 'no activity'
        : there.page
          ? shortText(pathText(there.page), PATH_MAX)
          : '';
  const side = share < 0.12 ? 'left' : share > 0.88 ? 'right' : 'middle';
  return (
    <div class="preview" data-side={side} style={{ left: `${share * 100}%` }}>
      <b>{clockText(at)}</b> {what}
    </div>
  );
}

function tell(slider: HTMLElement): void {
  const at = Math.round(position.value);
  slider.setAttribute('aria-valuemax', String(Math.round(duration.value)));
  slider.setAttribute('aria-valuenow', String(at));
  const text = `${clockText(at)} of ${clockText(duration.value)}`;
  if (slider.getAttribute('aria-valuetext') !== text) slider.setAttribute('aria-valuetext', text);
}

/** The arrows to the left and right are the page's own keys and do the same here. */
function targetOf(key: string): number | null {
  const page = Math.max(PAGE_MIN_MS, duration.value / 10);
  switch (key) {
    case 'ArrowUp':
      return position.value + STEP_MS;
    case 'ArrowDown':
      return position.value - STEP_MS;
    case 'PageUp':
      return position.value + page;
    case 'PageDown':
      return position.value - page;
    case 'Home':
      return 0;
    case 'End':
      return duration.value;
    default:
      return null;
  }
}

// The timeline: a slider over the session, or the part of it that one looks at, with everything that happened drawn behind it in lanes.
import { effect, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Point } from '../../player/point.ts';
import { prepare, watchSize } from '../draw/surface.ts';
import { drawTimeline } from '../draw/timeline.ts';
import type { PlacedName } from '../draw/timeline-chapters.ts';
import { markAt } from '../draw/timeline-marks.ts';
import { xOf } from '../draw/timeline-rows.ts';
import { visited } from '../mark-keys.ts';
import { markText } from '../mark-words.ts';
import { duration, frame, isScrubbing, position, recording, STEP_MS, seekTo, stayOn } from '../playback.ts';
import { listenTo } from '../timeline-gestures.ts';
import { keepPreview } from '../timeline-preview.ts';
import { drawing, lanesSize, rows, stay, tabs } from '../timeline-state.ts';
import { CLOSER, followPlayhead, isZoomed, pan, shown, showWhole, zoomBy } from '../timeline-window.ts';
import { clockText, pathText } from '../words.ts';
import { IconButton } from './icon-button.tsx';
import { Peek, type Pointed } from './peek.tsx';
import { TimelineOverview } from './timeline-overview.tsx';
import { TimelineTabs } from './timeline-tabs.tsx';

/** ms that Page Up and Page Down move, where a tenth of the session is less. */
const PAGE_MIN_MS = 30_000;
/** px beside the timeline at which the playhead is still shown. */
const BESIDE = 8;

export function Timeline(): JSX.Element {
  const slider = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const played = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const names = useRef<PlacedName[]>([]);
  const pointer = useSignal<Point | null>(null);
  /** px by which the preview was lifted out of the way of the mouse, which left towards it. */
  const lift = useSignal(0);

  useEffect(() => {
    const [box, surface, bar, line] = [slider.current!, canvas.current!, played.current!, head.current!];
    const timeAt = (x: number) => {
      const { from, to } = shown.peek();
      return from + (x / lanesSize.peek().width) * (to - from);
    };
    const preview = keepPreview(box, pointer, lift);
    const stop = [
      preview.stop,
      watchSize(box, (measured) => {
        lanesSize.value = measured;
      }),
      followPlayhead(),
      effect(() => {
        const pen = prepare(surface, lanesSize.value);
        if (!pen) return;
        if (drawing.value) names.current = drawTimeline(pen, drawing.value);
        else pen.clearRect(0, 0, lanesSize.value.width, lanesSize.value.height);
      }),
      // Written straight to the elements: this runs with every animation frame.
      effect(() => {
        const { width } = lanesSize.value;
        const x = xOf({ window: shown.value, size: lanesSize.value }, duration.value > 0 ? position.value : 0);
        bar.style.transform = `translateX(${Math.min(0, Math.max(-width, x - width))}px)`;
        line.style.transform = `translateX(${x}px)`;
        line.style.visibility = x < -BESIDE || x > width + BESIDE ? 'hidden' : 'visible';
        tell(box);
      }),
      listenTo(box, {
        point: (x, y) => preview.point(x === null ? null : { x, y }),
        leaveUp: preview.leaveUp,
        scrub(x) {
          if (!recording.peek()) return;
          preview.allow();
          isScrubbing.value = true;
          seekTo(timeAt(x));
        },
        release(x, y, isPress) {
          isScrubbing.value = false;
          if (isPress && drawing.peek()) press(x, y, names.current);
        },
        zoom: (factor, x) => zoomBy(factor, timeAt(x)),
        pan(px) {
          if (!isZoomed.peek()) return false;
          pan(-px * (timeAt(1) - timeAt(0)));
          return true;
        },
      }),
    ];
    return () => {
      for (const end of stop) end();
    };
  }, []);

  const step = (event: KeyboardEvent) => {
    const target = targetOf(event.key);
    if (target === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    seekTo(target);
  };
  const severalTabs = tabs.value.own.length + tabs.value.others.length > 1;
  const now = drawing.value;
  const pointed = now && pointer.value && spotAt(pointer.value.x, pointer.value.y);
  const byKey = now && !pointed && visited.value;
  const spot: Pointed | null = pointed || (byKey ? { ...byKey, x: xOf(now, byKey.at) } : null);

  return (
    <div class="timeline" data-tabs={severalTabs || undefined}>
      <TimelineTabs />
      <div
        class="lanes"
        ref={slider}
        role="slider"
        tabIndex={0}
        aria-label="Timeline"
        aria-valuemin={0}
        aria-valuenow={0}
        aria-describedby="timeline-part"
        style={{ height: `${rows.value.height}px` }}
        onKeyDown={step}
      >
        <div class="lanes-room">
          <div class="lanes-played" ref={played} />
        </div>
        <canvas class="lanes-canvas" ref={canvas} />
        <div class="lanes-head" ref={head} />
        {pointed && <div class="lanes-spot" style={{ transform: `translateX(${pointed.x}px)` }} />}
        {spot && now && <Peek pointed={spot} drawing={now} lift={lift.value} />}
      </div>
      <p class="unseen" id="timeline-part">
        {partText()}
      </p>
      <p class="unseen" role="status">
        {byKey && (byKey.text ?? spokenText(byKey))}
      </p>
      <TimelineOverview />
      <div class="timeline-zoom">
        <IconButton
          name="Timeline nearer"
          icon="plus"
          command="timeline"
          which={1}
          off={recording.value === null}
          run={() => recording.peek() && zoomBy(CLOSER)}
        />
        <IconButton
          name="Timeline farther"
          icon="minus"
          command="timeline"
          off={!isZoomed.value}
          run={() => zoomBy(1 / CLOSER)}
        />
        <IconButton name="Whole session" icon="whole" command="wholeTimeline" off={!isZoomed.value} run={showWhole} />
      </div>
    </div>
  );
}

/** What the pointer means: the time below it, or the mark close to it. */
function spotAt(x: number, y: number): Pointed {
  const now = drawing.value!;
  const { from, to } = now.window;
  const mark = markAt(now, x, y);
  const at = mark?.isSure ? mark.first : from + (x / now.size.width) * (to - from);
  const held = Math.min(Math.max(0, at), now.recording.duration);
  return { x: Math.min(Math.max(0, xOf(now, held)), now.size.width), at: held, mark };
}

/** What the preview at a mark that was reached by key says. */
function spokenText({ at, mark }: Omit<Pointed, 'x'>): string {
  const { recording, lanes } = drawing.value!;
  const page = pathText(frame.value?.page ?? '');
  return `${clockText(at)}: ${mark ? markText(mark, recording, lanes) : page}`;
}

/** What of the session is there, while that is not all. */
function partText(): string {
  const part = recording.value?.part;
  return part ? `Loaded so far: ${clockText(part.from)} to ${clockText(part.to)}. The rest is being loaded.` : '';
}

/** A press on a page's name goes to where it was opened, one on a mark to what it stands for. */
function press(x: number, y: number, names: readonly PlacedName[]): void {
  const name = names.find(({ left, right, top, bottom }) => x >= left && x <= right && y >= top && y < bottom);
  const mark = markAt(drawing.peek()!, x, y);
  if (name) {
    // Who stays on a tab and goes to a page of another one means to see it.
    if (stay.peek() && stay.peek() !== name.tab)
      stayOn.value = tabs.peek().own.includes(name.tab) ? name.tab.load : null;
    seekTo(name.chapter.from);
  } else if (mark?.isSure) {
    seekTo(mark.first);
  }
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
  const targets: Record<string, number> = {
    ArrowUp: position.value + STEP_MS,
    ArrowDown: position.value - STEP_MS,
    PageUp: position.value + page,
    PageDown: position.value - page,
    Home: 0,
    End: duration.value,
  };
  return targets[key] ?? null;
}

// What happened, in words and in step with the playhead: a list to read, to listen to and to jump from. Shown where there is room.
import { computed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Moment } from '../../player/stretches.ts';
import { look } from '../draw/look.ts';
import { watchSize } from '../draw/surface.ts';
import { position, recording, seekTo } from '../playback.ts';
import { clockText, countText, pathText } from '../words.ts';

/** rem; the style sheet's `.event` has the same. */
const ROW_REM = 2.5;
const AROUND = 6;

const moments = computed<readonly Moment[]>(() => recording.value?.moments ?? []);
/** The moment the playhead has reached; -1 before the first. */
const reached = computed(() => {
  let low = 0;
  let high = moments.value.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (moments.value[middle]!.at <= position.value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
});

export function Events(): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(600);
  const row = ROW_REM * look.value.rem;

  useEffect(() => watchSize(list.current!, (size) => (height.value = size.height)), []);
  useSignalEffect(() => {
    const place = Math.max(0, reached.value) * row;
    // In the frame that is drawn anyway: to scroll makes the browser lay the page out at once.
    const turn = requestAnimationFrame(() => {
      const box = list.current;
      const from = top.peek();
      const shown = height.peek();
      if (!box || (place >= from && place <= from + shown - row * 2) || box.matches(':hover, :focus-within')) return;
      // Told as well, since the box tells only after the frame.
      top.value = Math.max(0, place - shown / 3);
      box.scrollTop = top.value;
    });
    return () => cancelAnimationFrame(turn);
  });

  const first = Math.max(0, Math.floor(top.value / row) - AROUND);
  const last = Math.min(moments.value.length, Math.ceil((top.value + height.value) / row) + AROUND);
  return (
    <aside class="events" aria-label="What happened">
      <h2 class="events-head">
        Events <span>{countText(recording.value?.eventCount ?? 0, 'event')} in all</span>
      </h2>
      <div
        class="events-list"
        ref={list}
        onScroll={(event) => {
          top.value = event.currentTarget.scrollTop;
        }}
      >
        <div class="events-space" style={{ height: `${moments.value.length * row}px` }}>
          {moments.value.slice(first, last).map((moment, i) => (
            <button
              class="event"
              type="button"
              key={first + i}
              data-kind={moment.kind}
              data-reached={first + i <= reached.value || undefined}
              aria-current={first + i === reached.value ? 'step' : undefined}
              style={{ transform: `translateY(${(first + i) * row}px)` }}
              onClick={() => seekTo(moment.at)}
            >
              <span class="event-time">{clockText(moment.at)}</span>
              <i class="event-dot" aria-hidden="true" />
              <bdi class="event-text" title={moment.label}>
                {momentText(moment)}
              </bdi>
            </button>
          ))}
        </div>
      </div>
    </aside>
  );
}

function momentText({ kind, label, count, idle }: Moment): string {
  switch (kind) {
    case 'click':
      return `${label || 'Click'}${count > 1 ? ` × ${count}` : ''}${idle ? ' · nothing happened' : ''}`;
    case 'page':
      return pathText(label);
    case 'hidden':
      return 'Left the tab';
    case 'visible':
      return 'Came back to the tab';
    case 'error':
      return `Error: ${label}`;
    case 'custom':
      return label;
  }
}

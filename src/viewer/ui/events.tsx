// What happened, thing by thing and in step with the playhead: a list to read, to filter and to jump from, page by page. A tab of the panel.
import { computed, signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Happening } from '../../player/happening.ts';
import { lastAt } from '../../player/search.ts';
import { look } from '../draw/look.ts';
import { EVENT_FILTERS, type EventFilter, eventName, eventOutcome, eventTitle } from '../event-words.ts';
import { happened } from '../happened.ts';
import { position, recording, seekTo } from '../playback.ts';
import { addressText, clockText, countText, numberText, pathText } from '../words.ts';
import { FollowButton, useFollow } from './follow.tsx';
import { isPlain, rowFor } from './own-keys.ts';

/** rem; the style sheet's `.event` has the same. */
const ROW_REM = 2.875;
const AROUND = 6;
const FILTERS = Object.entries(EVENT_FILTERS) as [EventFilter, (typeof EVENT_FILTERS)[EventFilter]][];

/** What is shown of all; nothing chosen: everything. */
const chosen = signal<ReadonlySet<EventFilter>>(new Set());
const counts = computed(() =>
  FILTERS.map(([, { count }]) => happened.value.happenings.reduce((sum, one) => sum + count(one), 0)),
);
const rows = computed<readonly Happening[]>(() => {
  const { happenings } = happened.value;
  const kinds = FILTERS.filter(([kind]) => chosen.value.has(kind));
  return kinds.length === 0 ? happenings : happenings.filter((one) => kinds.some(([, { count }]) => count(one) > 0));
});
const starts = computed(() => Float64Array.from(rows.value, ({ from }) => from));
/** The row the playhead has reached; -1 before the first. */
const reached = computed(() => lastAt(starts.value, position.value));
const pages = computed(() => happened.value.happenings.filter((one) => one.kind === 'page' || one.kind === 'return'));
const pageStarts = computed(() => Float64Array.from(pages.value, ({ from }) => from));

export function Events(): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  /** The row that the arrow keys went to; null: the one that is reached. */
  const active = useSignal<number | null>(null);
  const row = ROW_REM * look.value.rem;
  const follow = useFollow(
    list,
    () => reached.value,
    (index) => ({ top: index * row, height: row }),
  );

  const { height } = follow.size.value;
  const goTo = (index: number) => {
    active.value = index;
    const box = list.current!;
    // Told as well, since the box tells only after the frame.
    top.value = Math.min(index * row, Math.max((index + 2) * row - height, box.scrollTop));
    if (index > 0 && top.value > (index - 1) * row) top.value = (index - 1) * row;
    box.scrollTop = top.value;
    // Once the rows are made, which is in this same turn: in the frame after it the list would take the focus to have gone, and follow playback.
    queueMicrotask(() => box.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus({ preventScroll: true }));
  };
  const press = (event: KeyboardEvent) => {
    const from = Number((event.target as HTMLElement).dataset.row ?? reached.value);
    const to = rowFor(event.key, from, rows.value.length, Math.floor(height / row) - 1);
    if (to === null || !isPlain(event)) return;
    event.preventDefault();
    goTo(to);
  };

  const first = Math.max(0, Math.floor(top.value / row) - AROUND);
  const last = Math.min(rows.value.length, Math.ceil((top.value + height) / row) + AROUND);
  const wanted = active.value ?? Math.max(0, reached.value);
  const stop = wanted >= first && wanted < last ? wanted : first;
  const { session } = recording.value ?? {};
  return (
    <div class="panel-tab events">
      <Filters />
      <Chapter at={rows.value[Math.floor(top.value / row)]?.from ?? 0} />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be scrolled. */}
      <div
        class="events-list"
        role="group"
        aria-label="Events"
        ref={list}
        onScroll={(event) => {
          top.value = event.currentTarget.scrollTop;
          follow.onScroll(event);
        }}
        onFocusIn={follow.onFocusIn}
        onFocusOut={follow.onFocusOut}
        onKeyDown={press}
      >
        <div class="events-space" style={{ height: `${rows.value.length * row}px` }}>
          {rows.value.slice(first, last).map((one, i) => {
            const index = first + i;
            const found = one.finding === null ? undefined : session?.findings[one.finding];
            const referrer = one === pages.value[0] ? (session?.context.referrer ?? null) : null;
            const outcome = eventOutcome(one, found, referrer);
            return (
              <button
                class="event"
                type="button"
                key={index}
                data-row={index}
                data-kind={found ? 'signal' : one.kind}
                data-reached={index <= reached.value || undefined}
                aria-current={index === reached.value ? 'step' : undefined}
                tabIndex={index === stop ? 0 : -1}
                style={{ transform: `translateY(${index * row}px)` }}
                onClick={() => {
                  active.value = index;
                  seekTo(one.from);
                }}
              >
                <span class="event-time">{clockText(one.from)}</span>
                <i class="event-dot" aria-hidden="true" />
                <bdi class="event-text" title={eventTitle(one)}>
                  {eventName(one)}
                </bdi>
                {outcome && (
                  <bdi class="event-outcome" title={outcome}>
                    {outcome}
                  </bdi>
                )}
              </button>
            );
          })}
        </div>
        {rows.value.length === 0 && <p class="panel-none">{nothingText()}</p>}
      </div>
      <FollowButton follow={follow} />
    </div>
  );
}

function Filters(): JSX.Element {
  const toggle = (kind: EventFilter) => {
    const next = new Set(chosen.value);
    if (!next.delete(kind)) next.add(kind);
    chosen.value = next;
  };
  return (
    <fieldset class="events-filters">
      <legend class="unseen">Show only</legend>
      {FILTERS.map(([kind, { name }], i) => (
        <button
          class="chip"
          type="button"
          key={kind}
          aria-pressed={chosen.value.has(kind)}
          onClick={() => toggle(kind)}
        >
          {name} <span class="chip-count">{numberText(counts.value[i] ?? 0)}</span>
        </button>
      ))}
    </fieldset>
  );
}

/** The page on which the first row that is seen lies: stays at the head of the list. */
function Chapter({ at }: { at: number }): JSX.Element | null {
  const page = pages.value[Math.max(0, lastAt(pageStarts.value, at))];
  if (!page) return null;
  return (
    <button class="events-chapter" type="button" title={addressText(page.page)} onClick={() => seekTo(page.from)}>
      <bdi>{pathText(page.page)}</bdi>
      <span>{clockText(page.from)}</span>
    </button>
  );
}

function nothingText(): string {
  const { lines } = happened.value;
  if (lines.length === 0) return recording.value?.part ? 'Loading the rest of the session …' : '';
  if (chosen.value.size > 0 && happened.value.happenings.length > 0) return 'None of these.';
  const count = recording.value?.eventCount ?? 0;
  return count === 0 ? 'Nothing was recorded.' : `${countText(count, 'event')}, none of which has a name.`;
}

// A session's events, loaded and indexed: immutable, all times in ms from `started_at`. The viewer builds one and draws frames of it.

import type { SessionEvent } from '../format/event.ts';
import type { Gap, SessionRecord } from '../format/session.ts';
import { indexEvents } from './index-events.ts';
import { indexLayouts, type Layouts } from './index-layouts.ts';
import { readEvent } from './read-event.ts';
import { readRecord } from './read-session.ts';
import { findReading, type Still } from './reading.ts';
import { resolveGeometry } from './resolve-geometry.ts';
import type { Moment, Stretch } from './stretches.ts';
import { gapsOf, hiddenStretches, stillStretches } from './stretches.ts';
import { findTabs, type Tab } from './tabs.ts';
import type { ClickTrack, PointerTrack, RestTrack, SceneTrack, ScrollTrack, SizeTrack, View } from './tracks.ts';

export interface Recording {
  readonly session: SessionRecord;
  /** ms from `started_at` to the last thing known; at least 0. */
  readonly duration: number;
  /** Only what lies here was read, and what it builds on; null: all of it. */
  readonly part: Stretch | null;
  /** Events that can be played, and events that were served but make no sense. */
  readonly eventCount: number;
  readonly skipped: number;
  /** No event and no header told the viewport: its size is a guess at which all points fit. */
  readonly viewportGuessed: boolean;
  /** One page in one tab, from its opening on; in order of opening. */
  readonly views: readonly View[];
  /** Which view is to be seen from when on; several tabs take turns here. */
  readonly scenes: SceneTrack;
  /** In the order in which they were opened. */
  readonly tabs: readonly Tab[];
  readonly pointer: PointerTrack;
  readonly rests: RestTrack;
  readonly clicks: ClickTrack;
  /** What the pages looked like. */
  readonly layouts: Layouts;
  /** Grouped by view, in time order within each. */
  readonly scrolls: ScrollTrack;
  readonly sizes: SizeTrack;
  /** Times of what the visitor did, ascending. */
  readonly activity: Float64Array;
  /** Times at which the visitor scrolled, ascending. */
  readonly scrolled: Float64Array;
  /** Clicks, pages, visibility, errors and custom events, in time order. */
  readonly moments: readonly Moment[];
  /** Fields that the visitor went into, by pointer or by key; in time order. */
  readonly focused: readonly { readonly at: number; readonly element: string }[];
  /** No activity for 10 s or more, and nothing that took the time to be read; no two overlap, and none of these and those. */
  readonly idle: readonly Stretch[];
  readonly reading: readonly Still[];
  readonly hidden: readonly Stretch[];
  readonly gaps: readonly Gap[];
}

/** Collects a session's events one by one, then indexes them in steps: a reader can pause anywhere, whatever a session's size. */
export class RecordingBuilder {
  #events: SessionEvent[] = [];
  #skipped = 0;

  add(value: unknown): void {
    const event = readEvent(value);
    if (event) this.#events.push(event);
    else this.#skipped++;
  }

  get count(): number {
    return this.#events.length + this.#skipped;
  }

  /** Forgets what happened at `time` (epoch ms) or later. */
  cut(time: number): void {
    this.#events = this.#events.filter(({ timestamp }) => timestamp < time);
  }

  /** Returns null where `session` is none. `gaps` in epoch ms, `part` in ms from the start, as served. */
  *finish(session: unknown, gaps: unknown, part?: unknown): Generator<void, Recording | null> {
    const record = readRecord(session);
    if (!record) return null;
    const events = this.#events;
    if (!isSorted(events)) events.sort((a, b) => a.timestamp - b.timestamp);
    const index = yield* indexEvents(events, record.started_at);
    const geometry = yield* resolveGeometry(index, record);
    const layouts = yield* indexLayouts(index.layouts);
    const duration = Math.max(record.duration, index.lastAt);
    const read = partOf(part, duration);
    const activity = new Float64Array(index.activity);
    const hidden = hiddenStretches(index.hidden, read?.to ?? duration);
    const scenes = { at: new Float64Array(index.scenes.at), view: new Uint32Array(index.scenes.view) };
    const still = stillStretches(activity, duration).filter(
      ({ from, to }) => isWithin(read, from) && isWithin(read, to),
    );
    const looked = yield* findReading(still, { ...geometry, scenes, layouts, hidden });
    return {
      session: record,
      duration,
      part: read,
      eventCount: events.length,
      skipped: this.#skipped,
      viewportGuessed: geometry.guessed,
      views: geometry.views,
      scenes,
      tabs: findTabs(index, hidden, duration),
      pointer: geometry.pointer,
      rests: geometry.rests,
      clicks: geometry.clicks,
      layouts,
      scrolls: geometry.scrolls,
      sizes: geometry.sizes,
      activity,
      scrolled: new Float64Array(index.scrolled),
      moments: index.moments,
      focused: index.focused,
      ...looked,
      hidden,
      gaps: gapsOf(gaps, record.started_at, duration),
    };
  }
}

/** A recording of the body of GET /replay/sessions/:id, at once; null where it holds no session. */
export function readRecording(body: unknown): Recording | null {
  if (typeof body !== 'object' || body === null) return null;
  const { session, events, gaps, part } = body as Record<string, unknown>;
  const builder = new RecordingBuilder();
  if (Array.isArray(events)) for (const event of events) builder.add(event);
  const steps = builder.finish(session, gaps, part);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Whether this was read of what a recording is made of. */
export function isWithin(part: Stretch | null, position: number): boolean {
  return part === null || (position >= part.from && position <= part.to);
}

/** Where a time lies (epoch ms), ms from the start: within the recording in any case. */
export function placeOf({ session, duration }: Pick<Recording, 'session' | 'duration'>, time: number): number {
  return Math.min(Math.max(0, time - session.started_at), duration);
}

function partOf(value: unknown, duration: number): Stretch | null {
  const { from, to } = (value ?? {}) as Record<string, unknown>;
  return typeof from === 'number' && typeof to === 'number' && from < to ? { from, to: Math.min(to, duration) } : null;
}

function isSorted(events: readonly SessionEvent[]): boolean {
  for (let i = 1; i < events.length; i++) {
    if ((events[i] as SessionEvent).timestamp < (events[i - 1] as SessionEvent).timestamp) return false;
  }
  return true;
}

// Recording → transcript: what the visitor did as a text of few lines, the same each time. Facts without words; the viewer has those.
import { condense, joinFields } from './condense.ts';
import type { Clicked, Happening, Opened } from './happening.ts';
import { findHappenings } from './happenings.ts';
import type { Recording } from './recording.ts';
import { longestRest } from './rested.ts';
import { lastAt } from './search.ts';
import type { Stretch } from './stretches.ts';
import { POINTER_KINDS } from './tracks.ts';
import type { Fact, Line, Scrolling } from './transcript-line.ts';
import { NOT_WAITED, waitedFor } from './waited.ts';

/** Lines that a transcript has at most; per minute, and at least for short sessions. */
export const LINES_MAX = 2000;
const LINES_PER_MINUTE = 8;
const LINES_LEAST = 60;
/** ms between two clicks on one element that are told as one. */
const CLICKS_MS = 3000;
/** ms on a page that are worth telling, ms without activity that are more than reading. */
const STAY_MS = 3000;
const IDLE_MS = 20_000;
/** Happenings told between two yields. */
const STEP = 200;

/** Everything that happened, and the text made of it. */
export interface Happened {
  readonly happenings: readonly Happening[];
  readonly lines: readonly Line[];
}

/** In time order. Yields now and then, so that whoever runs it can let others work. */
export function* transcribe(recording: Recording): Generator<void, Happened> {
  const happenings = yield* findHappenings(recording);
  const teller = new Teller(recording);
  for (let i = 0, steps = 1; i < happenings.length; steps++) {
    i = teller.tell(happenings, i);
    if (steps % STEP === 0) yield;
  }
  teller.end();
  yield;
  const allowed = Math.ceil((recording.duration / 60_000) * LINES_PER_MINUTE);
  const lines = yield* condense(joinFields(teller.lines), Math.min(LINES_MAX, Math.max(LINES_LEAST, allowed)));
  for (const line of lines) {
    const { fact } = line;
    if (fact.kind !== 'stay' || fact.ms < STAY_MS) continue;
    // To look at what the page showed takes longer than all else.
    fact.rest = longestRest(recording, line.at, line.to);
    if (fact.rest) yield;
  }
  return { happenings, lines };
}

class Teller {
  readonly lines: Line[] = [];
  readonly #recording: Recording;
  /** ms up to which everything is told. */
  #until = 0;
  #scrolls: (Scrolling & { from: number; to: number })[] = [];
  #page: string | null = null;
  /** Idle stretches that have been told of. */
  #idle = 0;
  /** What the visitor was found to hesitate over. */
  #hesitated: string | null = null;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  /** Tells the i-th, and those that belong to it; returns which comes next. */
  tell(all: readonly Happening[], i: number): number {
    const one = all[i] as Happening;
    switch (one.kind) {
      case 'scroll':
        this.#scrolls.push(one);
        return i + 1;
      case 'click':
        return this.#click(all, i, one);
      case 'page':
      case 'return':
        this.#stay(one.from);
        this.#add(one, this.#page === null ? this.#arrived(one.page) : seen(one, this.#page));
        this.#page = one.page;
        break;
      case 'away':
        this.#stay(one.from);
        // The next page may come as the last thing of all.
        this.#add(one, {
          kind: 'away',
          ms: one.to - one.from,
          last: i === all.length - 1 && one.to >= this.#recording.duration,
        });
        break;
      case 'gap':
        this.#stay(one.from);
        this.#add(one, { kind: 'gap', ms: one.to - one.from, reason: one.reason });
        break;
      case 'error':
      case 'custom':
        this.#stay(one.from);
        this.#add(one, { kind: one.kind, name: one.name, count: one.count });
        break;
      case 'focus':
        this.#stay(one.from);
        this.#add(one, { kind: 'focus', element: one.element });
        break;
      case 'resize':
        this.#stay(one.from);
        this.#add(one, { kind: 'resize', width: one.width, height: one.height });
        break;
      case 'signal': {
        const { signal, reason, element } = one;
        this.#stay(one.from);
        const hesitates = signal === 'hesitation';
        // Other signals are of what is told besides.
        this.#add(hesitates ? one : { ...one, to: one.from }, {
          kind: 'signal',
          signal,
          reason,
          element,
          waited: 0,
          moved: false,
        });
        if (hesitates) this.#hesitated = element;
        break;
      }
    }
    return i + 1;
  }

  end(): void {
    const { session, duration } = this.#recording;
    this.#stay(duration);
    const live = session.status === 'live';
    this.#add(
      { from: duration, to: duration, finding: null },
      { kind: 'end', page: this.#page ?? '', ms: duration, live },
    );
  }

  #add({ from, to, finding }: { from: number; to: number; finding: number | null }, fact: Fact): void {
    // What reaches into what is told already begins where that ends.
    this.lines.push({ at: Math.max(from, this.lines.at(-1)?.at ?? 0), to, finding, fact });
    this.#until = Math.max(this.#until, to);
  }

  #arrived(page: string): Fact {
    const { session, sizes, views, viewportGuessed } = this.#recording;
    const first = views[0]?.sizeFrom ?? 0;
    const window = { width: sizes.width[first] as number, height: sizes.height[first] as number };
    const from = session.context.referrer ?? null;
    return { kind: 'arrived', page, from, window: viewportGuessed ? null : window };
  }

  #click(all: readonly Happening[], i: number, one: Clicked): number {
    const { session, clicks, pointer } = this.#recording;
    const found = one.finding === null ? undefined : session.findings[one.finding];
    const foundUntil = found ? found.to - session.started_at : Number.NEGATIVE_INFINITY;
    let last = one;
    let count = one.last - one.first + 1;
    let idle = one.idle;
    let next = i + 1;
    for (let j = next; j < all.length; j++) {
      const other = all[j] as Happening;
      if (other.kind === 'scroll') continue;
      if (other.kind !== 'click' || other.element !== one.element) break;
      const belongs = found ? other.from <= foundUntil : other.from - last.to <= CLICKS_MS && other.finding === null;
      if (!belongs) break;
      this.#scrolls.push(...all.slice(next, j).filter((scroll) => scroll.kind === 'scroll'));
      last = other;
      count += other.last - other.first + 1;
      idle &&= other.idle;
      next = j + 1;
    }
    const isTold = this.#hesitated === one.element;
    const { waited, moved } = isTold ? NOT_WAITED : waitedFor(this.#recording, one.first, this.#until);
    this.#hesitated = null;
    const from = one.from - waited;
    this.#stay(from);
    const span = { from, to: last.to, finding: one.finding };
    if (found) {
      const { signal, reason } = found;
      this.#add(span, { kind: 'signal', signal, reason, element: one.element, waited, moved });
      return next;
    }
    const nearest = lastAt(pointer.at, one.from);
    const touch = POINTER_KINDS[pointer.kind[nearest] ?? 0] === 'touch';
    const ms = last.to - (clicks.at[one.first] as number);
    this.#add(span, { kind: 'click', element: one.element, count, ms, waited, moved, touch, idle });
    return next;
  }

  /** Tells of the time up to `to` in which nothing else happened. */
  #stay(to: number): void {
    const from = this.#until;
    if (to < from) return;
    const { idle } = this.#recording;
    let begin = from;
    while (this.#idle < idle.length && (idle[this.#idle] as Stretch).to <= from) this.#idle++;
    for (let i = this.#idle; i < idle.length; i++) {
      const stretch = idle[i] as Stretch;
      if (stretch.from >= to) break;
      const [start, end] = [Math.max(from, stretch.from), Math.min(to, stretch.to)];
      if (end - start < IDLE_MS) continue;
      this.#spend(begin, start);
      this.#add({ from: start, to: end, finding: null }, { kind: 'idle', ms: end - start });
      begin = end;
    }
    this.#spend(begin, to);
    this.#until = Math.max(this.#until, to);
  }

  #spend(from: number, to: number): void {
    const scroll = joined(this.#scrolls.filter((run) => run.from <= to));
    this.#scrolls = this.#scrolls.filter((run) => run.from > to);
    if (to - from < STAY_MS && !scroll) return;
    const moved = pointed(this.#recording, from, to);
    this.#add({ from, to, finding: null }, { kind: 'stay', ms: to - from, moved, scroll, rest: null });
  }
}

function seen(one: Happening & { kind: 'page' | 'return' }, before: string): Fact {
  const { kind, page, tab, switched } = one;
  return { kind, page, before, tab, switched, again: (one as Opened).again === true };
}

/** All runs as one; parts of the page count only where nothing else was scrolled. */
function joined(runs: readonly Scrolling[]): Scrolling | null {
  const whole = runs.filter(({ nested }) => !nested);
  const [first] = whole;
  if (!first) return runs.length > 0 ? { start: 0, furthest: 0, end: 0, nested: true } : null;
  const { start } = first;
  let furthest = start;
  for (const run of whole) {
    for (const share of [run.furthest, run.end])
      if (Math.abs(share - start) > Math.abs(furthest - start)) furthest = share;
  }
  return { start, furthest, end: (whole.at(-1) as Scrolling).end, nested: false };
}

/** The pointer moved. */
function pointed({ pointer }: Recording, from: number, to: number): boolean {
  return lastAt(pointer.at, to) > lastAt(pointer.at, from);
}

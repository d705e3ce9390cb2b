// Which still stretches are no idle ones: a visitor who reads or watches a film does not move. `recording.ts` calls it.
import { type Chain, chainOf, type Layouts } from './index-layouts.ts';
import type { Rectangle } from './scene.ts';
import { sceneAt } from './scene-at.ts';
import { scrollAt } from './scroll.ts';
import { lastAt } from './search.ts';
import { meet, type Shift, seenOf, shiftsAt } from './shift.ts';
import { sizeIndexAt } from './size.ts';
import { IDLE_LEAD_MS, IDLE_MS, type Stretch } from './stretches.ts';
import type { ClickTrack, SceneTrack, ScrollTrack, SizeTrack, View } from './tracks.ts';

/** Nothing moved, and what was in sight takes as long to be read, or may have been a film. */
export interface Still extends Stretch {
  readonly what: 'reading' | 'watching';
}

export interface Watched {
  views: readonly View[];
  scenes: SceneTrack;
  scrolls: ScrollTrack;
  sizes: SizeTrack;
  clicks: Pick<ClickTrack, 'at' | 'view' | 'x' | 'y' | 'element'>;
  layouts: Layouts;
  hidden: readonly Stretch[];
}

/** A slow reader's pace, and the longest that one screen is read. */
const LETTER_MS = 70;
const READING_MAX_MS = 180_000;
/** Of a line's height: how wide its letters are, on average. */
const LETTER_SHAPE = 0.45;
/** A picture that may be a film: of the viewport it covers this share at least, in a film's shape. */
const FILM_SHARE = 1 / 6;
const FILM_SHAPES = { least: 1.2, most: 2.6 } as const;
/** ms that a picture which nobody clicked may be a film that began by itself. */
const FILM_MS = 60_000;
/** A click on one of these, or on a picture in a film's shape, starts a film, which lasts until the visitor goes elsewhere. */
const FILM = /^(VIDEO|AUDIO|IFRAME|EMBED|OBJECT)\b/;
/** Clicks looked at for one stretch. */
const CLICKS_MAX = 50;
/** Stretches looked at between two yields: a few ms of work. */
const STEP = 4;

/** `still`: stretches without activity, in time order. Yields now and then, so that whoever runs it can let others work. */
export function* findReading(
  still: readonly Stretch[],
  watched: Watched,
): Generator<void, { idle: Stretch[]; reading: Still[] }> {
  const idle: Stretch[] = [];
  const reading: Still[] = [];
  const { hidden } = watched;
  const left = Float64Array.from(hidden, ({ from }) => from);
  for (const [i, { from, to }] of still.entries()) {
    if (i % STEP === STEP - 1) yield;
    const away = lastAt(left, from);
    const back = hidden[away]?.to ?? 0;
    const { until, what } = back > from ? AWAY : lookedAt(from, back, watched);
    const looked = Math.min(until, hidden[away + 1]?.from ?? to, to);
    if (looked - from <= IDLE_LEAD_MS) {
      idle.push({ from, to });
      continue;
    }
    // What is left is no idle stretch of its own.
    const end = to - looked < IDLE_MS ? to : looked;
    reading.push({ from, to: end, what });
    if (end < to) idle.push({ from: end, to });
  }
  return { idle, reading };
}

interface Looked {
  until: number;
  what: Still['what'];
}

/** The tab is hidden, or nobody knows what was in sight. */
const AWAY: Looked = { until: 0, what: 'reading' };
const FILM_RUNS: Looked = { until: Number.POSITIVE_INFINITY, what: 'watching' };

/** Until when what is in sight at `from` may be looked at; `back`: when the tab was hidden last. */
function lookedAt(from: number, back: number, watched: Watched): Looked {
  const turn = lastAt(watched.scenes.at, from);
  const index = watched.scenes.view[Math.max(0, turn)];
  const view = index === undefined ? undefined : watched.views[index];
  const chain = view && chainOf(watched.layouts, view);
  if (index === undefined || !view || !chain) return AWAY;
  const scrolled = lastAt(watched.scrolls.at, from, view.scrollFrom, view.scrollTo);
  // What is in sight has been so since the page came, or was scrolled there: part of it is read by now.
  const since = Math.max(
    back,
    turn >= 0 ? (watched.scenes.at[turn] as number) : 0,
    scrolled >= view.scrollFrom ? (watched.scrolls.at[scrolled] as number) : 0,
  );
  const clicks = clicksIn(watched.clicks, index, since, from);
  if (clicks.some(({ element }) => FILM.test(element))) return FILM_RUNS;
  // Whatever is in sight, it takes no longer: there is no need to look.
  if (clicks.length === 0 && from - since > READING_MAX_MS) return AWAY;
  const { letters, films } = inSight(watched, view, chain, from);
  if (clicks.some((click) => films.some((film) => holds(film, click)))) return FILM_RUNS;
  const read = since + Math.min(READING_MAX_MS, letters * LETTER_MS);
  const film = films.length > 0 ? since + FILM_MS : 0;
  return film > read ? { until: film, what: 'watching' } : { until: read, what: 'reading' };
}

function inSight(
  { scrolls, sizes }: Watched,
  view: View,
  chain: Chain,
  at: number,
): { letters: number; films: Rectangle[] } {
  const size = sizeIndexAt(sizes, view, at);
  const viewport = { x: 0, y: 0, width: sizes.width[size] as number, height: sizes.height[size] as number };
  const scene = sceneAt(chain, at);
  const shifts = shiftsAt(scene, chain, scrollAt(scrolls, view, at), at);
  let letters = 0;
  const films: Rectangle[] = [];
  for (const box of scene.boxes) {
    if (box.kind !== 1 && box.kind !== 2) continue;
    const seen = meet(seenOf(box, shifts[box.layer] as Shift), viewport);
    if (box.kind === 1 && seen.height >= box.height / 2) letters += seen.width / (box.height * LETTER_SHAPE);
    if (box.kind === 2 && isFilm(box, seen, viewport)) films.push(seen);
  }
  return { letters, films };
}

function isFilm({ width, height }: Rectangle, seen: Rectangle, viewport: Rectangle): boolean {
  const shape = width / height;
  return (
    shape >= FILM_SHAPES.least &&
    shape <= FILM_SHAPES.most &&
    seen.width * seen.height >= FILM_SHARE * viewport.width * viewport.height
  );
}

interface Click {
  x: number;
  y: number;
  element: string;
}

/** The last ones in a view. */
function clicksIn(clicks: Watched['clicks'], view: number, since: number, until: number): Click[] {
  const found: Click[] = [];
  const last = lastAt(clicks.at, until);
  for (let i = last; i > last - CLICKS_MAX && i >= 0 && (clicks.at[i] as number) >= since; i--) {
    if (clicks.view[i] !== view) continue;
    found.push({ x: clicks.x[i] as number, y: clicks.y[i] as number, element: clicks.element[i] as string });
  }
  return found;
}

function holds({ x, y, width, height }: Rectangle, point: Click): boolean {
  return point.x >= x && point.y >= y && point.x < x + width && point.y < y + height;
}

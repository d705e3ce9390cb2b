// Everything to be seen at one position, as plain numbers and strings: a function of (recording, position) and nothing else.
import type { Gap } from '../format/session.ts';
import { type Cursor, cursorAt, type TrailPoint, trailAt } from './cursor.ts';
import type { Point } from './point.ts';
import type { Still } from './reading.ts';
import type { Recording } from './recording.ts';
import type { Scene } from './scene.ts';
import { scrollAt } from './scroll.ts';
import { lastAt } from './search.ts';
import type { Shift } from './shift.ts';
import { clickOn, NO_SILHOUETTE, type Silhouette, silhouetteAt } from './silhouette-at.ts';
import { sizeIndexAt } from './size.ts';
import { IDLE_LEAD_MS, type Moment, nextMoment, stretchAt } from './stretches.ts';
import type { KnownElement, View } from './tracks.ts';

export interface Frame {
  /** ms from the start, within the recording. */
  position: number;
  /** Address; empty where no event told one. */
  page: string;
  viewport: { width: number; height: number };
  /** `known`: reported, not worked out. */
  document: { width: number; height: number; known: boolean };
  /** The document's offset under the viewport; `share` 0 to 1, 0 where nothing scrolls. */
  scroll: { x: number; y: number; share: number };
  /** Null where nobody knows, or no finger touches. Never outside the viewport. */
  cursor: Cursor | null;
  trail: TrailPoint[];
  /** Clicks of the last 900 ms, oldest first. */
  pulses: Pulse[];
  /** The newest clicks of the last 6 s, oldest first, for their names. */
  labels: Pulse[];
  /** Where the pointer stayed on this page so far, newest last; viewport px, `length` in ms. */
  rests: Rest[];
  /** Elements of this page that are known from clicks and lie in the viewport; viewport px. */
  elements: KnownElement[];
  /** What the page looked like; null: nobody knows, it is drawn as plain paper. */
  scene: Scene | null;
  /** Where each layer of the scene stands. */
  shifts: Shift[];
  /** Why there is no scene: the session came from elsewhere, silhouettes were off, or the first one is to come. */
  plain: 'imported' | 'off' | 'coming' | null;
  hidden: boolean;
  /** A stretch without activity: ms left of it, and what comes after. */
  idle: { from: number; to: number; remaining: number } | null;
  /** A stretch without a move that took as long to be read, or may have been a film. */
  reading: (Still & { remaining: number }) | null;
  gap: Gap | null;
  next: Moment | null;
  /** Nothing comes after this. */
  ended: boolean;
}

export interface Rest {
  x: number;
  y: number;
  length: number;
}

/** A click; viewport px of this frame: it scrolls with its page. `age` in ms. */
export interface Pulse {
  x: number;
  y: number;
  age: number;
  element: string;
  /** n for the n-th of a burst in one place. */
  count: number;
  /** Nothing happened within a second. */
  idle?: true;
}

export const PULSE_MS = 900;
export const LABEL_MS = 6000;
const LABELS_MAX = 4;
/** No page shows more clicks at once than this. */
const PULSES_MAX = 40;
/** Rests shown at once, and looked at for them. */
const RESTS_MAX = 60;
const RESTS_SEEN_MAX = 500;

/** Total: any number is a position, held within the recording. `everywhere`: with the elements and rests beyond the viewport too. */
export function frameAt(recording: Recording, at: number, everywhere = false): Frame {
  const position = Math.min(Math.max(0, at || 0), recording.duration);
  const turn = Math.max(0, lastAt(recording.scenes.at, position));
  const viewIndex = recording.scenes.view[turn];
  const view = viewIndex === undefined ? undefined : recording.views[viewIndex];
  const stretch = stretchAt(recording.idle, position);
  const still = stretchAt(recording.reading, position);
  const rest = {
    position,
    hidden: stretchAt(recording.hidden, position) !== null,
    idle: stretch && position >= stretch.from + IDLE_LEAD_MS ? { ...stretch, remaining: stretch.to - position } : null,
    reading: still && position >= still.from + IDLE_LEAD_MS ? { ...still, remaining: still.to - position } : null,
    gap: stretchAt(recording.gaps, position),
    next: nextMoment(recording.moments, position),
    ended: position >= recording.duration,
  };
  if (!view || viewIndex === undefined) return { ...NOTHING, ...rest };

  const { sizes } = recording;
  const size = sizeIndexAt(sizes, view, position);
  const viewport = { width: sizes.width[size] as number, height: sizes.height[size] as number };
  const height = Math.max(viewport.height, sizes.documentHeight[size] as number);
  const width = Math.max(viewport.width, sizes.documentWidth[size] as number);
  const room = height - viewport.height;
  const offset = scrollAt(recording.scrolls, view, position);
  const scroll = {
    // Of a page that runs from right to left it is negative.
    x: Math.min(Math.max(viewport.width - width, offset.x), width - viewport.width),
    y: Math.min(Math.max(0, offset.y), room),
    share: 0,
  };
  scroll.share = room > 0 ? scroll.y / room : 0;
  const cursor = cursorAt(recording.pointer, position);
  const outline = silhouetteAt(recording, view, position, scroll);
  const clicks = clicksAt(recording, viewIndex, position, scroll, outline);
  return {
    ...rest,
    page: view.page,
    viewport,
    document: { width, height, known: sizes.documentKnown[size] === 1 },
    scroll,
    cursor: cursor && { ...cursor, ...within(cursor, viewport) },
    trail: trailAt(recording.pointer, position).map((point) => ({ ...within(point, viewport), age: point.age })),
    pulses: clicks.filter((click) => click.age <= PULSE_MS),
    labels: clicks.slice(-LABELS_MAX),
    rests: restsAt(recording, viewIndex, position, scroll, everywhere ? null : viewport),
    elements: elementsIn(view, scroll, everywhere ? null : viewport),
    ...(outline ?? NO_SILHOUETTE),
    plain: outline ? null : plainAt(recording, view, position),
  };
}

const NOTHING: Omit<Frame, 'position' | 'hidden' | 'idle' | 'reading' | 'gap' | 'next' | 'ended'> = {
  page: '',
  viewport: { width: 1280, height: 720 },
  document: { width: 1280, height: 720, known: false },
  scroll: { x: 0, y: 0, share: 0 },
  cursor: null,
  trail: [],
  pulses: [],
  labels: [],
  rests: [],
  elements: [],
  ...NO_SILHOUETTE,
  plain: null,
};

/** ms after its opening within which the silhouette of a page that is open now may still come. */
const COMING_MS = 4000;

function plainAt({ session }: Recording, view: View, position: number): Frame['plain'] {
  if (session.imported_at !== undefined) return 'imported';
  return session.status === 'live' && position - view.at < COMING_MS ? 'coming' : 'off';
}

/** A click that led to another page is still shown there, where it was in the viewport; one in another tab is not. */
function clicksAt(
  recording: Recording,
  viewIndex: number,
  position: number,
  scroll: Point,
  silhouette: Silhouette | null,
): Pulse[] {
  const { clicks, views } = recording;
  const opened = (views[viewIndex] as View).at;
  const shown: Pulse[] = [];
  for (let i = lastAt(clicks.at, position); i >= 0 && shown.length < PULSES_MAX; i--) {
    const age = position - (clicks.at[i] as number);
    const here = clicks.view[i] === viewIndex;
    if (age > LABEL_MS) break;
    if (!here && (age > PULSE_MS || (clicks.at[i] as number) > opened)) continue;
    const moves = here && clicks.fixed[i] === 0;
    const anchored = silhouette && clickOn(recording, i, viewIndex, silhouette);
    shown.push({
      ...(anchored ?? {
        x: (clicks.x[i] as number) + (moves ? (clicks.scrollX[i] as number) - scroll.x : 0),
        y: (clicks.y[i] as number) + (moves ? (clicks.scrollY[i] as number) - scroll.y : 0),
      }),
      age,
      element: clicks.element[i] as string,
      count: clicks.count[i] as number,
      ...(clicks.idle[i] === 1 && { idle: true as const }),
    });
  }
  return shown.reverse();
}

function restsAt(
  recording: Recording,
  viewIndex: number,
  position: number,
  scroll: Point,
  viewport: { width: number; height: number } | null,
): Rest[] {
  const { rests } = recording;
  const shown: Rest[] = [];
  const last = lastAt(rests.at, position);
  for (let i = last; i >= 0 && i > last - RESTS_SEEN_MAX && shown.length < RESTS_MAX; i--) {
    if (rests.view[i] !== viewIndex) continue;
    const x = (rests.x[i] as number) - scroll.x;
    const y = (rests.y[i] as number) - scroll.y;
    if (viewport && (x < 0 || y < 0 || x > viewport.width || y > viewport.height)) continue;
    shown.push({ x, y, length: Math.min(rests.length[i] as number, position - (rests.at[i] as number)) });
  }
  return shown.reverse();
}

function elementsIn(view: View, scroll: Point, viewport: { width: number; height: number } | null): KnownElement[] {
  const shown: KnownElement[] = [];
  for (const element of view.elements) {
    const x = element.x - (element.fixed ? 0 : scroll.x);
    const y = element.y - (element.fixed ? 0 : scroll.y);
    const isSeen =
      !viewport || (x < viewport.width && y < viewport.height && x + element.width > 0 && y + element.height > 0);
    if (!isSeen) continue;
    shown.push({ ...element, x, y });
  }
  return shown;
}

function within(point: Point, viewport: { width: number; height: number }): Point {
  return {
    x: Math.min(Math.max(0, point.x), viewport.width),
    y: Math.min(Math.max(0, point.y), viewport.height),
  };
}

// Where on the timeline each lane lies, and where each time: for those who draw it, and for those who ask what lies under the pointer.
import type { Lanes } from '../../player/lanes.ts';
import type { Recording } from '../../player/recording.ts';
import type { Tab } from '../../player/tabs.ts';
import type { TimeWindow } from '../../player/time-window.ts';
import type { Look } from './look.ts';
import type { Size } from './surface.ts';

/** px. */
export interface Row {
  readonly top: number;
  readonly height: number;
}

export interface Rows {
  readonly ruler: Row;
  /** One for each tab that has its own, and one that the others share. */
  readonly tabs: readonly Row[];
  readonly signals: Row;
  readonly clicks: Row;
  /** Errors, and what the site reported. */
  readonly others: Row;
  /** Over the activity. */
  readonly scrolls: Row;
  readonly activity: Row;
  /** Of all of them. */
  readonly height: number;
}

/** What a drawing of the timeline is made of. */
export interface Drawing {
  readonly size: Size;
  readonly window: TimeWindow;
  readonly rows: Rows;
  readonly recording: Recording;
  readonly lanes: Lanes;
  /** A row each; the last may be what several share. */
  readonly tabs: readonly Tab[];
  /** The tab on which the user stays, or null. */
  readonly stay: Tab | null;
  readonly look: Look;
}

export type Pen = CanvasRenderingContext2D;

export interface RowsWanted {
  rem: number;
  tabs: number;
  hasSignals: boolean;
  hasOthers: boolean;
  /** On a phone. */
  isCompact: boolean;
}

/** rem: beside the rows lies what is pressed to choose one, https://www.w3.org/TR/WCAG22/#target-size-minimum */
const TARGET = 1.5;

/** The height follows from the number of tabs alone: what is found in a session moves nothing on the page. */
export function rowsOf({ rem, tabs, hasSignals, hasOthers, isCompact }: RowsWanted): Rows {
  let top = 0;
  const take = (rems: number): Row => {
    const row = { top, height: rems * rem };
    top += row.height;
    return row;
  };
  const isChoice = tabs > 1;
  const ruler = take(isChoice ? TARGET : isCompact ? 0.9375 : 1.0625);
  const lanes = Array.from({ length: Math.max(1, tabs) }, () => take(isChoice ? TARGET : 1.375));
  const bottom = top + (isCompact ? 3.75 : 4.75) * rem;
  const signals = take(hasSignals ? (isCompact ? 0.9375 : 1.0625) : 0.1875);
  const clicks = take(isCompact ? 1 : 1.125);
  const others = take(hasOthers ? 0.8125 : 0);
  const activity = { top, height: bottom - top };
  return { ruler, tabs: lanes, signals, clicks, others, scrolls: take(0.75), activity, height: bottom };
}

export function xOf({ window, size }: Pick<Drawing, 'window' | 'size'>, at: number): number {
  return ((at - window.from) / (window.to - window.from)) * size.width;
}

/** ms of a px. */
export function scaleOf({ window, size }: Pick<Drawing, 'window' | 'size'>): number {
  return (window.to - window.from) / Math.max(1, size.width);
}

export function setFont(pen: Pen, { look }: Drawing, weight = 500, rems = 0.6875): void {
  pen.font = `${weight} ${rems * look.rem}px ${look.sans}`;
}

// What of a session's events the signals look at, in little memory: taken batch by batch in any order, put in one order at the end. Filled by server and import, read by each signal.
import type { ClickEvent, SessionEvent } from '../../format/event.ts';

/** What every act has; `at` in epoch ms. */
export interface Act {
  at: number;
  page: string;
}

export interface Click extends Act {
  /** Viewport px. */
  x: number;
  y: number;
  element: string;
  /** A finger, not a mouse, pen or key. */
  touch: boolean;
  /** As `effect_ms`; undefined: not measured. */
  effect: number | null | undefined;
  /** The element's box in viewport px. */
  box: { left: number; top: number; width: number; height: number } | null;
  /** Tells fields of one name apart: their place in the page. */
  place: string;
}

export interface Scroll extends Act {
  /** px; where they were not told, per cent. */
  y: number;
  unit: 'px' | 'percent';
}

export interface View extends Act {
  /** A page load, else a route inside of one. */
  load: boolean;
  /** px; 0: not told. */
  height: number;
}

export interface Fault extends Act {
  name: string;
  /** The script and line that failed. */
  place: string;
}

/** The visitor went into a field. */
export interface Focus extends Act {
  element: string;
}

/** Places of the mouse, one column each: a session may have 100,000. Fingers have none before they press. */
export interface Moves {
  at: Float64Array;
  x: Float64Array;
  y: Float64Array;
  page: string[];
}

/** Everything in the order of time, and what is of one ms in an order of its own: the same however the batches came. */
export interface OrderedActs {
  moves: Moves;
  clicks: Click[];
  scrolls: Scroll[];
  views: View[];
  faults: Fault[];
  focuses: Focus[];
  /** The tab was hidden or shown: nobody looked for a while. */
  turns: Act[];
  /** Epoch ms of the last event; -Infinity: there is none. */
  last: number;
}

export class Acts {
  private readonly at: number[] = [];
  private readonly x: number[] = [];
  private readonly y: number[] = [];
  private readonly page: string[] = [];
  private readonly clicks: Click[] = [];
  private readonly scrolls: Scroll[] = [];
  private readonly views: View[] = [];
  private readonly faults: Fault[] = [];
  private readonly focuses: Focus[] = [];
  private readonly turns: Act[] = [];
  private last = Number.NEGATIVE_INFINITY;
  /** Of equal texts one is kept. */
  private readonly texts = new Map<string, string>();

  /** Each event once. */
  add(events: readonly SessionEvent[]): void {
    let page = '';
    for (const event of events) {
      if (event.page !== page) page = this.text(event.page);
      const at = event.timestamp;
      if (at > this.last) this.last = at;
      switch (event.event_type) {
        case 'mousemove':
          if (event.pointer === 'touch') break;
          this.at.push(at);
          this.x.push(event.x);
          this.y.push(event.y);
          this.page.push(page);
          break;
        case 'click':
          this.clicks.push(this.clickOf(event, page));
          break;
        case 'scroll':
          this.scrolls.push(
            event.scroll_y === undefined
              ? { at, page, y: event.scroll_percent, unit: 'percent' }
              : { at, page, y: event.scroll_y, unit: 'px' },
          );
          break;
        case 'page_view':
        case 'navigation':
          this.views.push({ at, page, load: event.event_type === 'page_view', height: event.viewport_height ?? 0 });
          break;
        case 'error':
          this.faults.push({
            at,
            page,
            name: this.text(event.name),
            place: this.text(`${event.source}:${event.line}`),
          });
          break;
        case 'focus':
          this.focuses.push({ at, page, element: this.text(event.element) });
          break;
        case 'visibility_change':
          this.turns.push({ at, page });
          break;
      }
    }
  }

  inOrder(): OrderedActs {
    const numbers = Uint32Array.from(this.at.keys());
    const { at, x, y, page } = this;
    if (!isAscending(at)) numbers.sort((a, b) => at[a]! - at[b]!);
    sortEqual(numbers, at, (a, b) => compare(page[a]!, page[b]!) || x[a]! - x[b]! || y[a]! - y[b]!);
    return {
      moves: {
        at: Float64Array.from(numbers, (number) => at[number]!),
        x: Float64Array.from(numbers, (number) => x[number]!),
        y: Float64Array.from(numbers, (number) => y[number]!),
        page: Array.from(numbers, (number) => page[number]!),
      },
      clicks: sorted(
        this.clicks,
        (a, b) =>
          compare(a.element, b.element) ||
          a.x - b.x ||
          a.y - b.y ||
          compare(`${a.effect}`, `${b.effect}`) ||
          compare(a.place, b.place),
      ),
      scrolls: sorted(this.scrolls, (a, b) => compare(a.unit, b.unit) || a.y - b.y),
      views: sorted(this.views, (a, b) => Number(a.load) - Number(b.load) || a.height - b.height),
      faults: sorted(this.faults, (a, b) => compare(a.name, b.name) || compare(a.place, b.place)),
      focuses: sorted(this.focuses, (a, b) => compare(a.element, b.element)),
      turns: sorted(this.turns, () => 0),
      last: this.last,
    };
  }

  private clickOf(event: ClickEvent, page: string): Click {
    const { x, y, element_box: box, element_x = 0.5, element_y = 0.5 } = event;
    return {
      at: event.timestamp,
      page,
      x,
      y,
      element: this.text(event.element),
      touch: event.pointer === 'touch',
      effect: event.effect_ms,
      box: box
        ? { left: x - element_x * box.width, top: y - element_y * box.height, width: box.width, height: box.height }
        : null,
      place: box ? this.text(`${Math.round(box.x)},${Math.round(box.y)}`) : '',
    };
  }

  private text(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    this.texts.set(text, text);
    return text;
  }
}

function isAscending(times: number[]): boolean {
  for (let i = 1; i < times.length; i++) if (times[i - 1]! > times[i]!) return false;
  return true;
}

/** Sorts those that stand side by side and are of one time. */
function sortEqual(numbers: Uint32Array, times: number[], compareOf: (a: number, b: number) => number): void {
  for (let from = 0, to = 0; from < numbers.length; from = to) {
    while (to < numbers.length && times[numbers[to]!] === times[numbers[from]!]) to++;
    if (to - from > 1) numbers.subarray(from, to).sort(compareOf);
  }
}

function sorted<A extends Act>(acts: A[], compareRest: (a: A, b: A) => number): A[] {
  return [...acts].sort((a, b) => a.at - b.at || compare(a.page, b.page) || compareRest(a, b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

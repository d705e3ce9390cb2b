// Which stretch of a session is asked for, and which lines of its objects show it, without reading the others. Called by app.ts and read-session.ts.
import { pageLoadOf } from '../format/event.ts';
import type { SessionRecord } from '../format/session.ts';
import { Problem } from './problem.ts';

/** ms from the session's start. `at`: as much as shows it there; `from`: all that is not older. */
export interface Asked {
  at?: number;
  from?: number;
}

/** Throws Problem 400 that names the parameter. */
export function parseAsked(params: URLSearchParams): Asked {
  const asked: Asked = {};
  for (const name of ['at', 'from'] as const) {
    const given = params.getAll(name);
    if (given.length > 1) throw new Problem(400, 'query', `${name} must come once, as one value`);
    const [text] = given;
    if (text === undefined) continue;
    if (!/^\d{1,15}$/.test(text)) throw new Problem(400, 'query', `${name} must be a whole number of ms from 0`);
    asked[name] = Number(text);
  }
  if (asked.at !== undefined && asked.from !== undefined)
    throw new Problem(400, 'query', 'at and from exclude each other');
  return asked;
}

/** A session with no more events comes whole; of a longer one a stretch has about as many. */
const STRETCH_EVENTS = 5000;
/** ms that a stretch reaches back, for clicks and ways that are still to be seen; and on, at least. */
const BACK_MS = 60_000;
const ON_MS = 60_000;

/** As events begin and end in an object; what looks otherwise is read to see what it is. */
const HEAD = /^\{"event_id":"([^"\\]*)","event_type":"([a-z_]+)"/;
const TIME = /"timestamp":(-?\d{1,16})(?:,"dropped":\d{1,16})?\}$/;
/** Names the newest line of all, but for layouts. */
const LAST = '';

interface Line {
  number: number;
  kind: Kind;
  load: string;
  at: number;
}

/** What shows a session at one time: all of a stretch, and of the time before what it builds on. Epoch ms. */
export class Stretch {
  readonly from: number;
  readonly to: number;

  private constructor(from: number, to: number) {
    this.from = from;
    this.to = to;
  }

  /** `at`: ms from the session's start. Null: it is short enough to be read whole. */
  static of({ started_at, duration, event_count }: SessionRecord, at: number): Stretch | null {
    if (event_count <= STRETCH_EVENTS) return null;
    const on = Math.max(ON_MS, (duration * STRETCH_EVENTS) / event_count);
    const middle = started_at + Math.min(at, duration);
    const stretch = new Stretch(Math.max(started_at, middle - BACK_MS), Math.ceil(middle + on));
    return stretch.from <= started_at && stretch.to >= started_at + duration ? null : stretch;
  }

  /** Whether each line of an object's events is needed. */
  choose(lines: readonly string[]): boolean[] {
    const needed = lines.map(() => true);
    const before: Line[] = [];
    /** Page loads that are to be seen in the stretch. */
    const shown = new Set<string>();
    /** The newest line before it of each kind, in each page load. */
    const newest = new Map<string, Line>();
    for (const [number, text] of lines.entries()) {
      const [, id = '', type = ''] = HEAD.exec(text) ?? [];
      const time = TIME.exec(text)?.[1];
      if (type === '' || time === undefined) continue;
      const line = { number, kind: kindOf(type, text), load: pageLoadOf(id), at: Number(time) };
      if (line.at > this.to) needed[number] = false;
      else if (line.at >= this.from) shown.add(line.load);
      else if (line.kind !== 'state') {
        before.push(line);
        needed[number] = false;
        for (const name of [`${line.kind} ${line.load}`, ...(isLayout(line) ? [] : [LAST])]) {
          if (line.at >= (newest.get(name)?.at ?? line.at)) newest.set(name, line);
        }
      }
    }
    const last = newest.get(LAST);
    if (last) shown.add(last.load);
    for (const line of newest.values()) needed[line.number] ||= !isLayout(line) || shown.has(line.load);
    // What changed since the last whole capture; a page load that has none in this object has it in one before.
    for (const line of before) {
      const whole = newest.get(`whole ${line.load}`);
      if (line.kind === 'difference') needed[line.number] = shown.has(line.load) && (!whole || line.at >= whole.at);
    }
    return needed;
  }
}

/** `state`: few and small, all that came before is told. Of the others, the newest of each page load stands for those before. */
type Kind = 'state' | 'pointer' | 'scroll' | 'whole' | 'difference' | 'rest';

function kindOf(type: string, text: string): Kind {
  switch (type) {
    case 'page_view':
    case 'navigation':
    case 'resize':
    case 'visibility_change':
      return 'state';
    case 'mousemove':
    case 'click':
      return 'pointer';
    case 'scroll':
      return 'scroll';
    case 'layout':
      if (text.includes('"outline":true')) return 'state';
      return text.includes('"whole":true') ? 'whole' : 'difference';
    default:
      return 'rest';
  }
}

function isLayout({ kind }: Line): boolean {
  return kind === 'whole' || kind === 'difference';
}

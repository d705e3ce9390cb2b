// Makes a transcript shorter: where there are too many lines, those that lie close together are told as one. `transcript.ts` calls it.
import type { Busy, Fact, Line } from './transcript-line.ts';

/** ms within which lines are told as one, at first. */
const WINDOW_MS = 5000;
/** ms from which on pages are no longer told one by one. */
const PAGES_MS = 60_000;
const ELEMENTS_MAX = 1000;

/** At most `most` lines, signals and the beginning and the end aside; where there are fewer they stay as they are. Yields after each attempt. */
export function* condense(lines: readonly Line[], most: number): Generator<void, Line[]> {
  let shorter = [...lines];
  for (let window = WINDOW_MS; shorter.length > most && window < Number.MAX_SAFE_INTEGER; window *= 2) {
    shorter = join(lines, window);
    yield;
  }
  return shorter;
}

/** Fields that are gone into one after the other are a form that is filled in; what passes in each of them is writing. */
export function joinFields(lines: readonly Line[]): Line[] {
  const joined: Line[] = [];
  let run: Line[] = [];
  const close = () => {
    // What comes after the last field is told apart.
    let length = run.length;
    while (length > 0 && run[length - 1]?.fact.kind === 'stay') length--;
    const entered = run.flatMap(({ fact }) => (fact.kind === 'click' || fact.kind === 'focus' ? [fact.element] : []));
    const elements = [...new Set(entered)];
    const [first, last] = [run[0], run[length - 1]];
    if (first && last && elements.length >= FIELDS_LEAST) {
      joined.push(
        { at: first.at, to: last.to, finding: null, fact: { kind: 'fields', elements } },
        ...run.slice(length),
      );
    } else joined.push(...run);
    run = [];
  };
  for (const line of lines) {
    const { fact, finding } = line;
    const isClick = fact.kind === 'click' && finding === null;
    const isField = (isClick || fact.kind === 'focus') && FIELD.test(fact.element);
    const isWriting = run.length > 0 && fact.kind === 'stay' && !fact.scroll && fact.ms <= WRITING_MS;
    if (!isField && !isWriting) close();
    if (isField || isWriting) run.push(line);
    else joined.push(line);
  }
  close();
  return joined;
}

/** ms in one field, at most, that are told with the form. */
const WRITING_MS = 60_000;
const FIELD = /(?:^|\s)(?:INPUT|TEXTAREA|SELECT)\b[^\s]*$/i;
const FIELDS_LEAST = 3;

function join(lines: readonly Line[], window: number): Line[] {
  const joined: Line[] = [];
  let group: Line[] = [];
  const close = () => {
    if (group.length > 0) joined.push(group.length === 1 ? (group[0] as Line) : together(group));
    group = [];
  };
  for (const line of lines) {
    if (!isJoined(line.fact, window)) {
      close();
      joined.push(line);
      continue;
    }
    const [first] = group;
    if (first && line.to - first.at > window) close();
    group.push(line);
  }
  close();
  return joined;
}

function isJoined({ kind }: Fact, window: number): boolean {
  switch (kind) {
    case 'arrived':
    case 'end':
    case 'signal':
      return false;
    case 'page':
    case 'return':
    case 'away':
    case 'gap':
      return window > PAGES_MS;
    default:
      return true;
  }
}

function together(lines: readonly Line[]): Line {
  const [first, last] = [lines[0] as Line, lines.at(-1) as Line];
  const to = Math.max(...lines.map((line) => line.to));
  const busy: Busy = {
    kind: 'busy',
    ms: to - first.at,
    clicks: 0,
    elements: [],
    pages: [],
    errors: 0,
    scroll: null,
    away: 0,
    missing: 0,
  };
  const elements = new Set<string>();
  for (const { fact } of lines) {
    if (fact.kind === 'click') {
      busy.clicks += fact.count;
      if (elements.size < ELEMENTS_MAX) elements.add(fact.element);
    } else if (fact.kind === 'fields') {
      busy.clicks += fact.elements.length;
      for (const element of fact.elements) elements.add(element);
    } else if (fact.kind === 'page' || fact.kind === 'return') busy.pages.push(fact.page);
    else if (fact.kind === 'error') busy.errors += fact.count;
    else if (fact.kind === 'stay' && fact.scroll && !fact.scroll.nested) busy.scroll = fact.scroll.end;
    else if (fact.kind === 'away') busy.away += fact.ms;
    else if (fact.kind === 'gap') busy.missing += fact.ms;
  }
  busy.elements = [...elements];
  return { at: first.at, to: Math.max(to, last.to), finding: null, fact: busy };
}

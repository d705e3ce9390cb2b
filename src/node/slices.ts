// Lines of an export → its sessions one by one: what one command imports is bounded. Called by cli.ts.
import { isExportHeader } from '../format/export-header.ts';
import { SESSION_EVENTS_MAX } from '../format/limits.ts';

/** Lines of one session and, at its head, how many lines of the file come before it. */
export interface Slice {
  after_line: number;
  lines: string[];
}

/** More than a session can have: what follows is refused line by line. */
const LINES_MAX = SESSION_EVENTS_MAX + 1000;

/** Each slice begins with a header, but for lines that belong to no session. */
export async function* slicesOf(lines: AsyncIterable<string>): AsyncGenerator<Slice> {
  let slice: Slice = { after_line: 0, lines: [] };
  for await (const line of lines) {
    if (slice.lines.length > 0 && (isHeader(line) || slice.lines.length >= LINES_MAX)) {
      yield slice;
      slice = { after_line: slice.after_line + slice.lines.length, lines: [] };
    }
    slice.lines.push(line);
  }
  if (slice.lines.length > 0) yield slice;
}

function isHeader(line: string): boolean {
  // Few lines are parsed twice.
  if (!line.includes('"kind"')) return false;
  try {
    return isExportHeader(JSON.parse(line));
  } catch {
    return false;
  }
}

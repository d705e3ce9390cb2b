// The lanes of pages: a block for each page in its tab, stronger while that tab was in use, with the path in it. `timeline.ts` calls it.
import { stretchesIn } from '../../player/cluster.ts';
import type { Chapter, Tab } from '../../player/tabs.ts';
import { pathText, shortText } from '../words.ts';
import { type Drawing, type Pen, type Row, scaleOf, setFont, xOf } from './timeline-rows.ts';

/** A page's name on the timeline: whoever presses it goes to where the page was opened. px. */
export interface PlacedName {
  left: number;
  right: number;
  top: number;
  bottom: number;
  chapter: Chapter;
  /** Whose lane it is in. */
  tab: Tab;
}

/** px: narrower blocks are drawn as one; the beginning of a page is marked where its block is this wide. */
const BLOCK = 3;
const MARKED = 6;

export function drawChapters(pen: Pen, drawing: Drawing): PlacedName[] {
  const names: PlacedName[] = [];
  for (const [i, row] of drawing.rows.tabs.entries()) drawLane(pen, drawing, i, row, names);
  return names;
}

function drawLane(pen: Pen, drawing: Drawing, index: number, row: Row, names: PlacedName[]): void {
  const { window, look, size, stay, recording } = drawing;
  const tab = drawing.tabs[index];
  if (!tab) return;
  const isAlone = drawing.tabs.length === 1;
  const least = BLOCK * scaleOf(drawing);
  const inset = Math.round(0.125 * look.rem);
  const top = row.top + inset;
  const height = row.height - 2 * inset;
  const edges = (from: number, to: number) => {
    const left = Math.max(-8, xOf(drawing, from));
    return { left, width: Math.max(2, Math.min(size.width + 8, xOf(drawing, to)) - left - 1) };
  };
  const chapters = stretchesIn(tab.chapters, window, least);

  pen.fillStyle = look.colour.view;
  pen.globalAlpha = isAlone ? 0.16 : 0.09;
  pen.beginPath();
  for (const { from, to } of chapters) {
    const { left, width } = edges(from, to);
    pen.roundRect(left, top, width, height, Math.min(4, width / 2));
  }
  pen.fill();
  if (!isAlone) {
    pen.globalAlpha = stay && stay !== tab ? 0.14 : 0.3;
    pen.beginPath();
    for (const { from, to } of stretchesIn(tab.active, window, least / BLOCK)) {
      const { left, width } = edges(from, to);
      pen.rect(left, top, width + 1, height);
    }
    pen.fill();
  }
  pen.globalAlpha = 1;
  pen.beginPath();
  for (const [i, { from, to }] of chapters.entries()) {
    const x = xOf(drawing, from);
    const end = chapters[i + 1]?.from ?? to;
    if (x >= -3 && (i === 0 || xOf(drawing, end) - x >= MARKED)) pen.roundRect(x, top, 3, height, 1.5);
  }
  pen.fill();

  setFont(pen, drawing, 550);
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.fillStyle = look.colour[stay && stay !== tab ? 'ink-faint' : 'ink-soft'];
  const letter = 0.6875 * look.rem * 0.56;
  for (const [i, chapter] of chapters.entries()) {
    const starts = xOf(drawing, chapter.from);
    const next = chapters[i + 1];
    const ends = Math.min(size.width, next ? xOf(drawing, next.from) : xOf(drawing, chapter.to));
    // The name of a page that was opened before the window stays in sight.
    const left = Math.max(0, starts) + 0.5 * look.rem;
    const letters = Math.floor((ends - left - 4) / letter);
    if (letters < 3) continue;
    const text = shortText(pathText(recording.views[chapter.view]?.page ?? ''), letters);
    pen.fillText(text, left, top + height / 2 + 0.5);
    const right = Math.min(ends, left + pen.measureText(text).width + 4);
    names.push({ left: Math.max(0, starts), right, top: row.top, bottom: row.top + row.height, chapter, tab });
  }
}

// Draws the timeline's still part: ruler, activity, lanes, and bands where there is nothing to watch. Called when recording, window, size or theme change.
import { columnsIn, mostIn } from '../../player/activity.ts';
import { stretchesIn } from '../../player/cluster.ts';
import type { Recording } from '../../player/recording.ts';
import type { Stretch } from '../../player/stretches.ts';
import { roundTimes } from '../../player/time-window.ts';
import { clockText, spanText } from '../words.ts';
import type { Colour } from './look.ts';
import { drawChapters, type PlacedName } from './timeline-chapters.ts';
import { drawClicks, drawOthers, drawScrolls, drawSignals } from './timeline-marks.ts';
import { type Drawing, type Pen, scaleOf, setFont, xOf } from './timeline-rows.ts';

/** px of a column of the activity, at least. */
const COLUMN = 2;
/** ms: a gap that is shorter is shown, and not told. */
const TOLD_MS = 100;
/** How many times as wide as its band what tells of a gap may be. */
const BESIDE = 4;
/** What the word at the edge of a running session takes of the ruler. */
const LIVE_REM = 3;
/** Between two lines of a hatching. */
const HATCH = 7;

/** Returns where the names of pages lie. */
export function drawTimeline(pen: Pen, drawing: Drawing): PlacedName[] {
  const { size, recording, rows, look } = drawing;
  pen.clearRect(0, 0, size.width, size.height);
  // Time runs from left to right in every language.
  pen.direction = 'ltr';
  if (recording.duration > 0) {
    drawMissing(pen, drawing, rows.ruler.height, size.height - rows.ruler.height);
    drawBands(pen, drawing);
    drawActivity(pen, drawing, rows.activity.top, rows.activity.height);
    drawRuler(pen, drawing);
  } else {
    drawMoment(pen, drawing);
  }
  const names = drawChapters(pen, drawing);
  drawScrolls(pen, drawing);
  drawClicks(pen, drawing);
  drawOthers(pen, drawing);
  drawSignals(pen, drawing);
  if (recording.duration > 0) drawLengths(pen, drawing);
  if (recording.session.status === 'live') drawLiveEdge(pen, drawing);
  pen.strokeStyle = look.colour.line;
  return names;
}

/** The whole session in little: its activity, and where something was found. */
export function drawOverview(pen: Pen, drawing: Drawing): void {
  const { size, look, lanes, recording } = drawing;
  pen.clearRect(0, 0, size.width, size.height);
  if (recording.duration === 0) return;
  drawMissing(pen, drawing, 0, size.height);
  drawActivity(pen, drawing, 0, size.height);
  pen.fillStyle = look.colour.danger;
  pen.beginPath();
  for (const { from } of lanes.signals) pen.rect(Math.round(xOf(drawing, from)) - 1, 0, 2, size.height);
  pen.fill();
}

/** What is not loaded yet. */
function missingOf({ part, duration }: Recording): Stretch[] {
  if (!part) return [];
  const beside = [
    { from: 0, to: part.from },
    { from: part.to, to: duration },
  ];
  return beside.filter(({ from, to }) => from < to);
}

function drawMissing(pen: Pen, drawing: Drawing, top: number, height: number): void {
  pen.fillStyle = drawing.look.colour.stage;
  for (const { from, to } of missingOf(drawing.recording)) {
    const left = Math.max(0, xOf(drawing, from));
    pen.fillRect(left, top, Math.min(drawing.size.width, xOf(drawing, to)) - left, height);
  }
}

/** Only saves work: how high the highest column is, by its ms. */
const highest = new WeakMap<Recording, Map<number, number>>();

/** How much happened, by the root of the count: a burst does not flatten the rest. */
function drawActivity(pen: Pen, drawing: Drawing, top: number, height: number): void {
  const { recording, window, look } = drawing;
  const columns = columnsIn(recording.activity, window, COLUMN * scaleOf(drawing));
  const { ms, first, counts } = columns;
  const known = highest.get(recording) ?? new Map<number, number>();
  highest.set(recording, known);
  const most = known.get(ms) ?? Math.max(1, mostIn(recording.activity, ms));
  known.set(ms, most);
  const bottom = top + height;
  pen.beginPath();
  pen.moveTo(xOf(drawing, first * ms), bottom);
  for (let i = 0; i < counts.length; i++) {
    // Three neighbours together, so that the line is calm where samples fall now in one column, now in the next.
    const around = ((counts[i - 1] ?? 0) + 2 * counts[i]! + (counts[i + 1] ?? 0)) / 4;
    pen.lineTo(xOf(drawing, (first + i + 0.5) * ms), bottom - Math.sqrt(around / most) * height * 0.92);
  }
  pen.lineTo(xOf(drawing, (first + counts.length) * ms), bottom);
  pen.closePath();
  pen.fillStyle = look.colour.activity;
  pen.fill();
}

/** No time passes: there is nowhere to go. */
function drawMoment(pen: Pen, drawing: Drawing): void {
  const { recording, size, rows, look } = drawing;
  setFont(pen, drawing, 500, 0.75);
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillStyle = look.colour['ink-faint'];
  const text = recording.eventCount === 0 ? 'Nothing was recorded' : 'A single moment';
  pen.fillText(text, size.width / 2, (rows.signals.top + size.height) / 2);
}

function drawRuler(pen: Pen, drawing: Drawing): void {
  const { rows, window, size, look, recording } = drawing;
  const isLive = recording.session.status === 'live';
  const end = isLive ? Math.min(size.width, xOf(drawing, recording.duration) - LIVE_REM * look.rem) : size.width;
  const { step, times } = roundTimes(window, 5 * look.rem * scaleOf(drawing));
  setFont(pen, drawing, 500, 0.625);
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.fillStyle = look.colour['ink-faint'];
  pen.beginPath();
  for (const at of times) {
    const x = Math.round(xOf(drawing, at)) + 0.5;
    pen.moveTo(x, at === 0 ? rows.ruler.height : 0);
    pen.lineTo(x, size.height);
    const text = step < 1000 ? `${clockText(at)}.${Math.round(at / 100) % 10}` : clockText(at);
    const left = x + 0.25 * look.rem;
    if (left + pen.measureText(text).width < end) pen.fillText(text, left, rows.ruler.height / 2 + 0.5);
  }
  pen.moveTo(0, Math.round(rows.ruler.height) + 0.5);
  pen.lineTo(size.width, Math.round(rows.ruler.height) + 0.5);
  pen.strokeStyle = look.colour.line;
  pen.lineWidth = 1;
  pen.globalAlpha = 0.8;
  pen.stroke();
  pen.globalAlpha = 1;
}

function drawBands(pen: Pen, drawing: Drawing): void {
  const { recording, lanes, window, look, rows, size } = drawing;
  const least = scaleOf(drawing);
  const top = rows.ruler.height;
  const height = size.height - top;
  const band = (stretch: Stretch) => {
    const from = Math.max(0, xOf(drawing, stretch.from));
    return { from, width: Math.min(size.width, xOf(drawing, stretch.to)) - from };
  };
  for (const idle of stretchesIn(recording.idle, window, least)) {
    const { from, width } = band(idle);
    hatch(pen, { x: from, y: rows.activity.top, width, height: rows.activity.height }, look.colour.hatch, 0.75);
  }
  pen.fillStyle = look.colour.hidden;
  for (const hidden of stretchesIn(recording.hidden, window, least)) {
    const { from, width } = band(hidden);
    pen.fillRect(from, top, Math.max(1, width), height);
  }
  for (const gap of stretchesIn(lanes.gaps, window, least)) {
    const { from, width } = band(gap);
    const area = { x: from, y: top, width: Math.max(2, width), height };
    pen.globalAlpha = 0.16;
    pen.fillStyle = look.colour.gap;
    pen.fillRect(area.x, area.y, area.width, area.height);
    pen.globalAlpha = 1;
    hatch(pen, area, look.colour.gap, 0.5);
    pen.fillStyle = look.colour.gap;
    pen.fillRect(area.x, area.y, 1, height);
    pen.fillRect(area.x + area.width - 1, area.y, 1, height);
  }
}

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Slanting lines: nothing happened here. */
function hatch(pen: Pen, { x, y, width, height }: Area, colour: string, alpha: number): void {
  if (width < 2) return;
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.clip();
  pen.beginPath();
  for (let line = x - (x % HATCH) - height; line < x + width; line += HATCH) {
    pen.moveTo(line, y + height);
    pen.lineTo(line + height, y);
  }
  pen.globalAlpha = alpha;
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.stroke();
  pen.restore();
}

/** How long each band is, in words, where there is room: what is missing first, then where the visitor was away, then where he did nothing. */
function drawLengths(pen: Pen, drawing: Drawing): void {
  const { recording, lanes, window, look, size, rows } = drawing;
  const height = 1.0625 * look.rem;
  const bottom = rows.activity.top + rows.activity.height - height / 2 - 0.25 * look.rem;
  setFont(pen, drawing, 550);
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  const taken: { from: number; to: number; y: number }[] = [];
  const write = (stretches: readonly Stretch[], wordsOf: (length: string) => string, colour: Colour, line = 0) => {
    const y = bottom - line * (height + 1);
    for (const stretch of stretchesIn(stretches, window, 3 * look.rem * scaleOf(drawing))) {
      const from = Math.max(0, xOf(drawing, stretch.from));
      const to = Math.min(size.width, xOf(drawing, stretch.to));
      const text = wordsOf(spanText(stretch.to - stretch.from));
      const width = pen.measureText(text).width + 0.75 * look.rem;
      // What is missing is told where its band is somewhat narrower, too, on a line of its own.
      const left = Math.min(Math.max(0, (from + to - width) / 2), size.width - width);
      const isFree = !taken.some((other) => other.y === y && other.from < left + width && left < other.to);
      if (!isFree || width > (to - from) * (line === 0 ? 1 : BESIDE) || stretch.to - stretch.from < TOLD_MS) continue;
      taken.push({ from: left, to: left + width, y });
      pen.globalAlpha = 0.92;
      pen.fillStyle = look.colour.surface;
      pen.beginPath();
      pen.roundRect(left, y - height / 2, width, height, height / 2);
      pen.fill();
      pen.globalAlpha = 1;
      pen.fillStyle = look.colour[colour];
      pen.fillText(text, left + width / 2, y + 0.5);
    }
  };
  write(lanes.gaps, (length) => `${length} missing`, 'gap', 1);
  write(missingOf(recording), () => 'Loading…', 'ink-soft');
  write(recording.hidden, (length) => `Away ${length}`, 'ink-soft');
  write(recording.idle, (length) => `Idle ${length}`, 'ink-faint');
}

/** Here a running session ends for now. */
function drawLiveEdge(pen: Pen, drawing: Drawing): void {
  const { recording, look, size, rows } = drawing;
  const x = xOf(drawing, recording.duration);
  if (x > size.width + 1) return;
  const edge = Math.min(size.width - 1, x);
  const fade = pen.createLinearGradient(edge - 3 * look.rem, 0, edge, 0);
  // Of the same colour: `transparent` is black, and the way from there is grey.
  fade.addColorStop(0, look.colour.high.replace(')', ', 0)'));
  fade.addColorStop(1, look.colour.high);
  pen.globalAlpha = 0.2;
  pen.fillStyle = fade;
  pen.fillRect(edge - 3 * look.rem, 0, 3 * look.rem, size.height);
  pen.globalAlpha = 1;
  pen.fillStyle = look.colour.high;
  pen.fillRect(edge - 1, 0, 2, size.height);
  setFont(pen, drawing, 650, 0.625);
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  const right = edge - 0.4375 * look.rem;
  const width = pen.measureText('Live').width;
  pen.fillStyle = look.colour.surface;
  pen.beginPath();
  pen.roundRect(right - width - 0.5 * look.rem, 1, width + 0.875 * look.rem, rows.ruler.height - 2, 0.25 * look.rem);
  pen.fill();
  pen.fillStyle = look.colour.high;
  pen.fillText('Live', right, rows.ruler.height / 2 + 0.5);
}

// Draws the timeline's still part: ruler, activity, lanes, bands. Called when recording, window, size or theme change.
import { columnsIn, mostIn } from '../../player/activity.ts';
import type { Recording } from '../../player/recording.ts';
import { roundTimes } from '../../player/time-window.ts';
import { clockText } from '../words.ts';
import { drawBands, drawLengths, drawMissing } from './timeline-bands.ts';
import { drawChapters, type PlacedName } from './timeline-chapters.ts';
import { drawClicks, drawOthers, drawScrolls, drawSignals } from './timeline-marks.ts';
import { type Drawing, type Pen, scaleOf, setFont, xOf } from './timeline-rows.ts';

/** px of a column of the activity, at least. */
const COLUMN = 2;
/** What the word at the edge of a running session takes of the ruler. */
const LIVE_REM = 3;
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

// Draws the timeline's still part: activity, ticks, pages, idle, hidden and missing stretches. Called when recording, size or theme change.
import { bin } from '../../player/bins.ts';
import type { Recording } from '../../player/recording.ts';
import type { Stretch } from '../../player/stretches.ts';
import { pathText, shortText } from '../words.ts';
import type { Look } from './look.ts';
import type { Size } from './surface.ts';

/** px of a tick with the space after it: closer events share one, which grows with their number. */
const CELL = 4;
const TICK = 2;
/** px per point of the activity strip. */
const STRIP = 3;

export function drawTimeline(context: CanvasRenderingContext2D, size: Size, recording: Recording, look: Look): void {
  const { rem, colour } = look;
  const rows = { pages: 0, clicks: 1.5 * rem, scrolls: size.height - 1.125 * rem };
  context.clearRect(0, 0, size.width, size.height);
  if (recording.duration > 0) {
    drawActivity(context, size, recording, look, rows.clicks);
    for (const stretch of recording.idle) hatch(context, size, recording, stretch, colour.hatch, 7);
    for (const stretch of recording.hidden) {
      fillStretch(context, size, recording, stretch, colour.hidden, rows.clicks);
    }
    for (const gap of recording.gaps) {
      fillStretch(context, size, recording, gap, colour.gap, 0, 0.16);
      hatch(context, size, recording, gap, colour.gap, 6, 0.5);
    }
  }
  drawTicks(context, size, recording, recording.scrolled, colour.scroll, rows.scrolls, 0.75 * rem);
  drawTicks(context, size, recording, recording.clicks.at, colour.click, rows.clicks + 0.25 * rem, 1.125 * rem);
  drawErrors(context, size, recording, look);
  drawPages(context, size, recording, look);
}

/** How much happened, by the root of the count: a burst does not flatten the rest. */
function drawActivity(
  context: CanvasRenderingContext2D,
  size: Size,
  recording: Recording,
  look: Look,
  top: number,
): void {
  const counts = bin(recording.activity, recording.duration, Math.max(1, Math.floor(size.width / STRIP)));
  const most = Math.sqrt(counts.reduce((highest, count) => Math.max(highest, count), 1));
  const room = (size.height - top) * 0.8;
  const width = size.width / counts.length;
  context.beginPath();
  context.moveTo(0, size.height);
  context.lineTo(0, size.height - (Math.sqrt(counts[0]!) / most) * room);
  for (let i = 0; i < counts.length; i++) {
    // Three neighbours together, so that the line is calm where samples fall now in one column, now in the next.
    const around = ((counts[i - 1] ?? 0) + 2 * counts[i]! + (counts[i + 1] ?? 0)) / 4;
    context.lineTo((i + 0.5) * width, size.height - (Math.sqrt(around) / most) * room);
  }
  context.lineTo(size.width, size.height);
  context.closePath();
  context.fillStyle = look.colour.activity;
  context.fill();
}

function drawTicks(
  context: CanvasRenderingContext2D,
  size: Size,
  recording: Recording,
  times: Float64Array,
  colour: string,
  top: number,
  height: number,
): void {
  const counts = bin(times, recording.duration, Math.max(1, Math.floor(size.width / CELL)));
  const most = Math.log2(1 + counts.reduce((highest, count) => Math.max(highest, count), 3));
  context.beginPath();
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    if (count === 0) continue;
    const tall = height * (0.25 + (0.75 * Math.log2(1 + count)) / most);
    context.roundRect(i * CELL + 1, top + (height - tall) / 2, TICK, tall, 1);
  }
  context.fillStyle = colour;
  context.fill();
}

function drawErrors(context: CanvasRenderingContext2D, size: Size, recording: Recording, look: Look): void {
  context.beginPath();
  for (const { at, kind } of recording.moments) {
    if (kind !== 'error') continue;
    const x = xOf(size, recording, at);
    context.moveTo(x - 4, size.height);
    context.lineTo(x, size.height - 6);
    context.lineTo(x + 4, size.height);
  }
  context.fillStyle = look.colour.error;
  context.fill();
}

/** A tick for every page that was opened, and its path where there is room before the next one. */
function drawPages(context: CanvasRenderingContext2D, size: Size, recording: Recording, look: Look): void {
  const { rem, colour } = look;
  const opened = Float64Array.from(recording.views, (view) => view.at);
  drawTicks(context, size, recording, opened, colour.view, 0.25 * rem, rem);
  const letter = 0.6875 * rem * 0.56;
  context.font = `500 ${0.6875 * rem}px ${look.sans}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillStyle = colour['ink-soft'];
  const { at, view } = recording.scenes;
  for (let i = 0, free = 0; i < at.length && free < size.width; i++) {
    const x = xOf(size, recording, at[i]!) + 6;
    const next = i + 1 < at.length ? xOf(size, recording, at[i + 1]!) : size.width;
    const letters = Math.floor((next - x - 4) / letter);
    if (x < free || letters < 4) continue;
    const text = shortText(pathText(recording.views[view[i]!]?.page ?? ''), letters);
    context.fillText(text, x, 0.75 * rem);
    free = x + context.measureText(text).width + 8;
  }
}

function fillStretch(
  context: CanvasRenderingContext2D,
  size: Size,
  recording: Recording,
  stretch: Stretch,
  colour: string,
  top: number,
  alpha = 1,
): void {
  const from = xOf(size, recording, stretch.from);
  context.globalAlpha = alpha;
  context.fillStyle = colour;
  context.fillRect(from, top, Math.max(2, xOf(size, recording, stretch.to) - from), size.height - top);
  context.globalAlpha = 1;
}

/** Slanting lines: nothing happened here. */
function hatch(
  context: CanvasRenderingContext2D,
  size: Size,
  recording: Recording,
  stretch: Stretch,
  colour: string,
  every: number,
  alpha = 1,
): void {
  const from = xOf(size, recording, stretch.from);
  const to = xOf(size, recording, stretch.to);
  if (to - from < 2) return;
  context.save();
  context.beginPath();
  context.rect(from, 0, to - from, size.height);
  context.clip();
  context.beginPath();
  for (let x = from - (from % every) - size.height; x < to; x += every) {
    context.moveTo(x, size.height);
    context.lineTo(x + size.height, 0);
  }
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.stroke();
  context.restore();
}

function xOf(size: Size, recording: Recording, at: number): number {
  return recording.duration > 0 ? (at / recording.duration) * size.width : 0;
}

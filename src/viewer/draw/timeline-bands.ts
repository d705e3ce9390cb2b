// Bands of the timeline in which there is nothing to watch: idle, away, missing, not loaded yet; and how long they are, in words. `timeline.ts` calls it.
import { stretchesIn } from '../../player/cluster.ts';
import type { Recording } from '../../player/recording.ts';
import type { Stretch } from '../../player/stretches.ts';
import { spanText } from '../words.ts';
import type { Colour } from './look.ts';
import { type Drawing, type Pen, scaleOf, setFont, xOf } from './timeline-rows.ts';

/** ms: a gap that is shorter is shown, and not told. */
const TOLD_MS = 100;
/** How many times as wide as its band what tells of a gap may be. */
const BESIDE = 4;
/** Between two lines of a hatching. */
const HATCH = 7;

/** What is not loaded yet. */
function missingOf({ part, duration }: Recording): Stretch[] {
  if (!part) return [];
  const beside = [
    { from: 0, to: part.from },
    { from: part.to, to: duration },
  ];
  return beside.filter(({ from, to }) => from < to);
}

export function drawMissing(pen: Pen, drawing: Drawing, top: number, height: number): void {
  pen.fillStyle = drawing.look.colour.stage;
  for (const { from, to } of missingOf(drawing.recording)) {
    const left = Math.max(0, xOf(drawing, from));
    pen.fillRect(left, top, Math.min(drawing.size.width, xOf(drawing, to)) - left, height);
  }
}

export function drawBands(pen: Pen, drawing: Drawing): void {
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
export function drawLengths(pen: Pen, drawing: Drawing): void {
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

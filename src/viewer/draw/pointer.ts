// What the visitor does, over the page: trail, pulses of clicks with their names, and the cursor. Sizes in px of the stage, for text of 16 px.
import type { Cursor } from '../../player/cursor.ts';
import { TRAIL_MS } from '../../player/cursor.ts';
import { type Frame, LABEL_MS, PULSE_MS, type Pulse } from '../../player/frame.ts';
import type { NamedBox } from '../../player/hover.ts';
import type { Point } from '../../player/point.ts';
import { standingName } from '../transcript-words.ts';
import { isolated, shortText } from '../words.ts';
import type { Fit } from './fit.ts';
import type { Look } from './look.ts';

/** Steps of fading in which a trail is stroked. */
const FADES = 12;
const NAME_MAX = 48;
/** Letters of a name that are shown where there is hardly room. */
const NAME_LEAST = 8;
/** ms at the end of its life in which a name fades. */
const NAME_FADE_MS = 1500;

export function drawTrail(context: CanvasRenderingContext2D, { trail }: Frame, fit: Fit, look: Look): void {
  if (trail.length < 2) return;
  const unit = look.rem / 16;
  context.strokeStyle = look.colour.trail;
  context.lineCap = 'butt';
  context.lineJoin = 'round';
  // The trail is drawn from its old end in a few strokes, each stronger than the one before.
  for (let fade = 0; fade < FADES; fade++) {
    const oldest = TRAIL_MS * (1 - fade / FADES);
    const newest = TRAIL_MS * (1 - (fade + 1) / FADES);
    let drawing = false;
    context.beginPath();
    for (let i = 1; i < trail.length; i++) {
      const from = trail[i - 1]!;
      const to = trail[i]!;
      if (to.age >= oldest || to.age < newest) continue;
      if (!drawing) context.moveTo(from.x * fit.scale, from.y * fit.scale);
      drawing = true;
      context.lineTo(to.x * fit.scale, to.y * fit.scale);
    }
    if (!drawing) continue;
    const strength = (fade + 1) / FADES;
    context.globalAlpha = strength * 0.85;
    context.lineWidth = (1 + 2.5 * strength) * unit;
    context.stroke();
  }
  context.globalAlpha = 1;
}

/**
 * A full dot of 7 px radius in the colour `--click` (#ef4444 in every theme) lies on the clicked point for 600 ms, then
 * fades; rings spread from it. Tests find a click by that colour.
 */
export function drawPulses(
  context: CanvasRenderingContext2D,
  { pulses }: Frame,
  fit: Fit,
  look: Look,
  still: boolean,
): void {
  const unit = look.rem / 16;
  context.fillStyle = context.strokeStyle = look.colour.click;
  for (const { x, y, age, count } of pulses) {
    const life = age / PULSE_MS;
    const centreX = x * fit.scale;
    const centreY = y * fit.scale;
    context.globalAlpha = 1 - Math.max(0, (age - 600) / (PULSE_MS - 600));
    disc(context, centreX, centreY, 7 * unit);
    context.fill();
    context.globalAlpha *= 0.2;
    disc(context, centreX, centreY, 18 * unit);
    context.fill();
    if (still) {
      context.globalAlpha = 1 - life;
      context.lineWidth = 2 * unit;
      disc(context, centreX, centreY, 18 * unit);
      context.stroke();
      continue;
    }
    for (let ring = 0; ring < Math.min(3, count); ring++) {
      const spread = easeOut(Math.min(1, life)) * (26 + ring * 12);
      context.globalAlpha = (1 - life) * (1 - ring * 0.25);
      context.lineWidth = (2.5 - 1.5 * life) * unit;
      disc(context, centreX, centreY, (8 + spread) * unit);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

export function drawLabels(context: CanvasRenderingContext2D, { labels }: Frame, fit: Fit, look: Look): void {
  // In one burst only the last click is named: the names would cover each other.
  const named = labels.filter((label, i) => labels[i + 1]?.count !== label.count + 1);
  for (const label of named) {
    context.globalAlpha = Math.min(1, (LABEL_MS - label.age) / NAME_FADE_MS) * (label.age > PULSE_MS ? 0.85 : 1);
    // What came of it is told whole, whatever the name's length; a letter is 0.45 rem wide.
    drawName(context, labelText(label, fit.seen.width / (0.45 * look.rem) - 6), label, fit, look);
  }
  context.globalAlpha = 1;
}

/** The box that the user points at, and what it is. */
export function drawHover(context: CanvasRenderingContext2D, box: NamedBox, fit: Fit, look: Look): void {
  const { x, y, width, height } = box;
  context.strokeStyle = look.colour.trail;
  context.lineWidth = (1.5 * look.rem) / 16;
  context.beginPath();
  context.roundRect(x * fit.scale, y * fit.scale, width * fit.scale, height * fit.scale, 2);
  context.stroke();
  drawName(context, shortText(box.name, NAME_MAX), { x, y: y + height }, fit, look, 0.25);
}

/** A name below the point (viewport px) and to its right, or wherever there is room; `away` in rem. */
function drawName(context: CanvasRenderingContext2D, text: string, point: Point, fit: Fit, look: Look, away = 1): void {
  context.font = `500 ${0.75 * look.rem}px ${look.mono}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const height = 1.5 * look.rem;
  const padding = 0.5 * look.rem;
  const { seen } = fit;
  // Where the page is drawn narrow the letters are.
  const most = seen.width - 1.75 * look.rem;
  const width = Math.min(context.measureText(text).width, most - padding * 2) + padding * 2;
  const right = seen.x + seen.width - width - 1.375 * look.rem;
  const left = Math.max(seen.x, Math.min(point.x * fit.scale + 0.875 * away * look.rem, right));
  const below = point.y * fit.scale + away * look.rem;
  const above = point.y * fit.scale - away * look.rem - height;
  const bottom = seen.y + seen.height;
  const top = below + height < bottom ? below : Math.min(above, bottom - height);
  context.fillStyle = look.colour.label;
  context.beginPath();
  context.roundRect(left, top, width, height, 0.375 * look.rem);
  context.fill();
  outline(context, look);
  context.fillStyle = look.colour['label-ink'];
  context.fillText(text, left + padding, top + height / 2 + 0.5, width - padding * 2);
}

/** Around the path of a label: the page below has its own colours, that of the label may be one of them. */
export function outline(context: CanvasRenderingContext2D, look: Look): void {
  const alpha = context.globalAlpha;
  context.globalAlpha = alpha * 0.3;
  context.strokeStyle = look.colour['label-ink'];
  context.lineWidth = look.rem / 16;
  context.stroke();
  context.globalAlpha = alpha;
}

/** `most`: letters for which there is room. */
function labelText({ element, count, idle }: Pulse, most: number): string {
  const fact = `${count > 1 ? ` · ${ordinal(count)} click` : ''}${idle ? ' · nothing happened' : ''}`;
  const length = Math.min(NAME_MAX, Math.max(NAME_LEAST, Math.floor(most) - fact.length));
  return isolated(shortText(standingName(element), length) || 'click') + fact;
}

function ordinal(count: number): string {
  const teens = count % 100 >= 11 && count % 100 <= 13;
  return `${count}${teens ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')}`;
}

/** An arrow whose tip is the point; about 20 px tall. */
const ARROW = new Path2D('M0 0 L0 17.2 L4.1 13.5 L6.9 19.6 L9.7 18.3 L6.9 12.3 L12.4 12 Z');

/** Mouse and pen as an arrow, a finger as a disc. The size does not follow the page's scale: it is the viewer's, not the page's. */
export function drawCursor(context: CanvasRenderingContext2D, cursor: Cursor, fit: Fit, look: Look): void {
  context.save();
  context.translate(cursor.x * fit.scale, cursor.y * fit.scale);
  context.scale(look.rem / 16, look.rem / 16);
  context.fillStyle = look.colour.cursor;
  context.strokeStyle = look.colour['cursor-line'];
  context.lineJoin = 'round';
  if (cursor.kind === 'touch') {
    context.globalAlpha = 0.35;
    disc(context, 0, 0, 16);
    context.fill();
    context.globalAlpha = 0.9;
    context.lineWidth = 2;
    context.stroke();
  } else {
    context.lineWidth = 2.5;
    context.stroke(ARROW);
    context.fill(ARROW);
  }
  context.restore();
}

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, Math.PI * 2);
}

function easeOut(share: number): number {
  return 1 - (1 - share) ** 3;
}

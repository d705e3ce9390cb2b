// The page under the pointer, as far as bare events tell of it: paper as long as the document, folds, its end, and clicked elements.
import type { Frame } from '../../player/frame.ts';
import type { Rectangle } from '../../player/scene.ts';
import type { KnownElement } from '../../player/tracks.ts';
import type { Fit } from './fit.ts';
import type { Look } from './look.ts';
import { outline } from './pointer.ts';

/** px of the page between two dots of the paper. */
const DOTS = 40;
/** px of the stage: nearer to each other than this they never lie, however large the page. */
const DOTS_MIN = 12;
/** px of the stage: folds that lie nearer to each other are not told. */
const FOLD_MIN = 24;
/** rem: an element must be this large on the stage to have its name written in it. */
const NAME_WIDTH = 2.75;
const NAME_HEIGHT = 0.9;
/** Of the scroll bar: it lies on pages of any colour. */
const TRACK = 'rgb(127 132 150 / 0.28)';

export function drawPlainPage(context: CanvasRenderingContext2D, frame: Frame, fit: Fit, look: Look): void {
  const { colour } = look;
  context.fillStyle = colour.paper;
  context.fillRect(fit.seen.x, fit.seen.y, fit.seen.width, fit.seen.height);
  drawDots(context, frame, fit, look);
  drawFolds(context, frame, fit, look);
  drawElements(context, frame, fit, look);
}

/** One path for all dots: a few hundred to a few thousand, filled at once. */
function drawDots(context: CanvasRenderingContext2D, { scroll, document }: Frame, fit: Fit, look: Look): void {
  let step = DOTS;
  while (step * fit.scale < DOTS_MIN) step *= 2;
  const { seen } = fit;
  const bottom = Math.min(seen.y + seen.height, (document.height - scroll.y) * fit.scale);
  const radius = Math.max(0.9, 1.2 * fit.scale);
  context.beginPath();
  for (let y = firstDot(seen.y / fit.scale, scroll.y, step); y * fit.scale < bottom; y += step) {
    for (let x = firstDot(seen.x / fit.scale, scroll.x, step); x * fit.scale < seen.x + seen.width; x += step) {
      context.moveTo(x * fit.scale + radius, y * fit.scale);
      context.arc(x * fit.scale, y * fit.scale, radius, 0, Math.PI * 2);
    }
  }
  context.fillStyle = look.colour['paper-dot'];
  context.fill();
}

/** Of a lattice that begins where the document does, the first place after `from`; px of the viewport. */
function firstDot(from: number, scrolled: number, step: number): number {
  return (Math.floor((from + scrolled) / step) + 1) * step - scrolled;
}

/** A line at every full viewport height of the page. */
function drawFolds(context: CanvasRenderingContext2D, frame: Frame, fit: Fit, look: Look): void {
  const { scroll, document, viewport } = frame;
  context.font = `500 ${0.6875 * look.rem}px ${look.sans}`;
  context.textBaseline = 'bottom';
  context.textAlign = 'left';
  context.lineWidth = 1;
  context.strokeStyle = look.colour['paper-line'];
  context.fillStyle = look.colour['paper-ink'];
  const left = fit.seen.x + 0.75 * look.rem;
  const top = scroll.y + fit.seen.y / fit.scale;
  const bottom = Math.min(document.height - 1, top + fit.seen.height / fit.scale);
  const first = Math.max(1, Math.ceil(top / viewport.height));
  const last = viewport.height * fit.scale < FOLD_MIN ? 0 : bottom / viewport.height;
  for (let fold = first; fold < last; fold++) {
    const y = Math.round((fold * viewport.height - scroll.y) * fit.scale) + 0.5;
    context.setLineDash([6, 6]);
    line(context, y, fit.seen);
    context.fillText(`Fold ${fold} · ${Math.round(fold * viewport.height)} px`, left, y - 0.25 * look.rem);
  }
  context.setLineDash([]);
  drawEnd(context, frame, fit, look);
}

/** A line where the page ends. */
function drawEnd(context: CanvasRenderingContext2D, { scroll, document, viewport }: Frame, fit: Fit, look: Look): void {
  const end = (document.height - scroll.y) * fit.scale;
  if (document.height > viewport.height && end < fit.seen.y + fit.seen.height + 2) {
    line(context, Math.floor(end) - 0.5, fit.seen);
    const about = document.known ? '' : 'about ';
    const left = fit.seen.x + 0.75 * look.rem;
    context.fillText(`End of page · ${about}${Math.round(document.height)} px`, left, end - 0.25 * look.rem);
  }
}

/** A disc where the hand stayed, as large as the stay was long. */
export function drawRests(context: CanvasRenderingContext2D, { rests }: Frame, fit: Fit, look: Look): void {
  context.beginPath();
  for (const { x, y, length } of rests) {
    const radius = 3 + Math.sqrt(length) / 6;
    context.moveTo(x * fit.scale + radius, y * fit.scale);
    context.arc(x * fit.scale, y * fit.scale, radius, 0, Math.PI * 2);
  }
  context.globalAlpha = 0.14;
  context.fillStyle = look.colour.trail;
  context.fill();
  context.globalAlpha = 1;
}

function line(context: CanvasRenderingContext2D, y: number, { x, width }: Rectangle): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + width, y);
  context.stroke();
}

function drawElements(context: CanvasRenderingContext2D, { elements }: Frame, fit: Fit, look: Look): void {
  if (elements.length === 0) return;
  context.beginPath();
  for (const { x, y, width, height } of elements) {
    const radius = Math.min(6 * fit.scale + 2, (width * fit.scale) / 2, (height * fit.scale) / 2);
    context.roundRect(x * fit.scale, y * fit.scale, width * fit.scale, height * fit.scale, radius);
  }
  context.fillStyle = look.colour['element-fill'];
  context.fill();
  context.strokeStyle = look.colour['element-line'];
  context.lineWidth = 1;
  context.stroke();

  const size = 0.6875 * look.rem;
  context.font = `${size}px ${look.mono}`;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  context.fillStyle = look.colour['paper-ink'];
  const named: KnownElement[] = [];
  for (const box of elements) {
    const { x, y, width, height, element } = box;
    if (width * fit.scale < NAME_WIDTH * look.rem || height * fit.scale < NAME_HEIGHT * look.rem) continue;
    if (named.some((other) => overlap(box, other))) continue;
    named.push(box);
    // Fixed width letters: what fits is known without measuring.
    const letters = Math.floor((width * fit.scale - 8) / (size * 0.61));
    context.fillText(shorten(element, letters), (x + width / 2) * fit.scale, (y + height / 2) * fit.scale);
  }
}

function overlap(a: KnownElement, b: KnownElement): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;
}

/** Of a page at which the user looks by himself: what the visitor saw of it, the rest dimmed. */
export function drawViewport(context: CanvasRenderingContext2D, { width, height, seen }: Fit, look: Look): void {
  context.globalAlpha = 0.55;
  context.fillStyle = look.colour.stage;
  context.beginPath();
  context.rect(seen.x, seen.y, seen.width, seen.height);
  context.rect(0, 0, width, height);
  context.fill('evenodd');
  context.globalAlpha = 1;
  context.strokeStyle = look.colour.trail;
  context.lineWidth = look.rem / 8;
  context.strokeRect(0, 0, width, height);
}

/** At the right edge: how far down the page the visitor is, and how much of it he sees. */
export function drawScrollbar(context: CanvasRenderingContext2D, frame: Frame, fit: Fit, look: Look): void {
  const { document, viewport, scroll } = frame;
  const { seen } = fit;
  if (document.height <= viewport.height + 1) return;
  const inset = 0.25 * look.rem;
  const wide = Math.min(0.375 * look.rem, Math.max(0.1875 * look.rem, seen.width / 100));
  const track = seen.height - inset * 2;
  const thumb = Math.max(1.5 * look.rem, (track * viewport.height) / document.height);
  const begin = seen.y + inset;
  const top = begin + (track - thumb) * scroll.share;
  const x = seen.x + seen.width - wide - inset;
  context.fillStyle = TRACK;
  fillRounded(context, x, begin, wide, track);
  context.fillStyle = look.colour.scroll;
  fillRounded(context, x, top, wide, thumb);

  const text = `${Math.round(scroll.share * 100)} %`;
  context.font = `600 ${0.6875 * look.rem}px ${look.sans}`;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const height = 1.25 * look.rem;
  const width = context.measureText(text).width + 0.75 * look.rem;
  const middle = Math.min(Math.max(top + thumb / 2, begin + height / 2), begin + track - height / 2);
  context.fillStyle = look.colour.label;
  context.beginPath();
  context.roundRect(x - wide - width, middle - height / 2, width, height, height / 2);
  context.fill();
  outline(context, look);
  context.fillStyle = look.colour['label-ink'];
  context.fillText(text, x - wide - 0.375 * look.rem, middle + 0.5);
}

function fillRounded(context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number): void {
  context.beginPath();
  context.roundRect(x, y, width, height, width / 2);
  context.fill();
}

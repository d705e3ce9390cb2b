// Squares of silhouettes that were painted once and are shown in every frame after; `silhouette.ts` makes them ahead of need and shows them.

/** Device px: the edge of a picture. */
export const EDGE = 512;
/** Of all pictures together: 42 million device px. */
const PICTURES_MAX = 160;
/** Frames after which a picture that none of them showed is painted over. */
const STALE_FRAMES = 120;

interface Picture {
  canvas: HTMLCanvasElement;
  /** The frame that last showed it, or for which it was made. */
  shown: number;
}

/** By what they show, the longest unseen first. Canvases stay: to get a new one costs more than all that is painted on it. */
const pictures = new Map<string, Picture>();
let frame = 0;

/** To be called before the first picture of a frame. */
export function beginFrame(): void {
  frame++;
}

export function hasPicture(key: string): boolean {
  return pictures.has(key);
}

/** Null where there is none. */
export function pictureOf(key: string): HTMLCanvasElement | null {
  const picture = pictures.get(key);
  if (!picture) return null;
  pictures.delete(key);
  pictures.set(key, picture);
  picture.shown = frame;
  return picture.canvas;
}

/** `paint` gets an empty canvas; it is not called where this frame needs every one there is. True: a new canvas was made for it. */
export function makePicture(key: string, paint: (context: CanvasRenderingContext2D) => void): boolean {
  const [oldest, unseen] = pictures.entries().next().value ?? [];
  const isStale = unseen !== undefined && frame - unseen.shown > STALE_FRAMES;
  const isNew = !isStale && pictures.size < PICTURES_MAX;
  if (!isNew && unseen?.shown === frame) return false;
  const canvas = isNew ? newCanvas() : unseen?.canvas;
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return false;
  if (!isNew && oldest !== undefined) pictures.delete(oldest);
  context.clearRect(0, 0, EDGE, EDGE);
  paint(context);
  pictures.set(key, { canvas, shown: frame });
  return isNew;
}

function newCanvas(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = EDGE;
  canvas.height = EDGE;
  return canvas;
}

// Squares of silhouettes that were painted once and are shown in every frame after; `silhouette.ts` makes them ahead of need and shows them.

/** Device px: the edge of a picture. */
export const EDGE = 512;
/** Of all pictures together: 42 million device px. */
const PICTURES_MAX = 160;
/** Frames after which a picture that none of them showed is painted over. */
const STALE_FRAMES = 120;

interface Picture {
  canvas: HTMLCanvasElement;
  /** It hides what is below: browsers copy it then, and need not mix. */
  isOpaque: boolean;
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

/** The browser lost what was painted: a graphics driver was started anew. */
export function forgetPictures(): void {
  pictures.clear();
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

export type Made = 'new' | 'again' | 'no';

/** `paint` gets an empty canvas: a new one, or one that shows what is no longer seen; it is not called where this frame needs every one there is. */
export function makePicture(key: string, isOpaque: boolean, paint: (context: CanvasRenderingContext2D) => void): Made {
  const free = freePicture(isOpaque);
  if (free === null) return 'no';
  const canvas = free ? free.canvas : newCanvas();
  const context = canvas.getContext('2d', { alpha: !isOpaque });
  if (!context) return 'no';
  context.clearRect(0, 0, EDGE, EDGE);
  paint(context);
  pictures.set(key, { canvas, isOpaque, shown: frame });
  return free ? 'again' : 'new';
}

/** Taken out; undefined: there is room for a new one; null: there is not. */
function freePicture(isOpaque: boolean): Picture | undefined | null {
  let oldest: [string, Picture] | undefined;
  let like: [string, Picture] | undefined;
  for (const entry of pictures) {
    oldest ??= entry;
    like = entry[1].isOpaque === isOpaque ? entry : undefined;
    if (like) break;
  }
  if (like && isStale(like)) return take(like);
  if (pictures.size < PICTURES_MAX) return undefined;
  if (oldest && isStale(oldest)) {
    // Of the other kind, and a canvas stays what it is: it is given back.
    take(oldest);
    return undefined;
  }
  return like && like[1].shown !== frame ? take(like) : null;
}

function isStale([, { shown }]: [string, Picture]): boolean {
  return frame - shown > STALE_FRAMES;
}

function take([key, picture]: [string, Picture]): Picture {
  pictures.delete(key);
  return picture;
}

function newCanvas(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = EDGE;
  canvas.height = EDGE;
  return canvas;
}

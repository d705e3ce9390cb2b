// Pieces of silhouettes that were painted once and are shown in every frame after; `silhouette.ts` asks for them.
import type { Rectangle, Scene } from '../../player/scene.ts';

/** Device px of all pictures together. */
const PIXELS_MAX = 48_000_000;

interface Picture {
  canvas: HTMLCanvasElement;
  /** The frame that last showed it. */
  shown: number;
}

/** Oldest first: a picture that is shown moves to the end. */
const pictures = new Map<string, Picture>();
const numbers = new WeakMap<Scene, number>();
let scenes = 0;
let pixels = 0;
let frame = 0;

/** To be called before the first picture of a frame. */
export function beginFrame(): void {
  frame++;
}

/**
 * The picture of a piece, painted by `paint` where there is none yet; null where this frame shows too many already.
 * `key`: what it depends on besides its scene.
 */
export function pictureOf(
  scene: Scene,
  key: string,
  size: Pick<Rectangle, 'width' | 'height'>,
  paint: (context: CanvasRenderingContext2D) => void,
): HTMLCanvasElement | null {
  let number = numbers.get(scene);
  if (number === undefined) {
    number = ++scenes;
    numbers.set(scene, number);
  }
  const name = `${number} ${key}`;
  const known = pictures.get(name);
  if (known) {
    pictures.delete(name);
    pictures.set(name, known);
    known.shown = frame;
    return known.canvas;
  }
  const wanted = size.width * size.height;
  if (!makeRoom(wanted)) return null;
  const canvas = document.createElement('canvas');
  canvas.width = size.width;
  canvas.height = size.height;
  const context = canvas.getContext('2d');
  if (!context) return null;
  paint(context);
  pixels += wanted;
  pictures.set(name, { canvas, shown: frame });
  return canvas;
}

function makeRoom(wanted: number): boolean {
  for (const [name, { canvas, shown }] of pictures) {
    if (pixels + wanted <= PIXELS_MAX || shown === frame) break;
    pixels -= canvas.width * canvas.height;
    // Browsers keep a canvas's memory for a while after the last one has forgotten it.
    canvas.width = 0;
    pictures.delete(name);
  }
  return pixels + wanted <= PIXELS_MAX;
}

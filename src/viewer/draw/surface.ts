// A canvas at the device's own resolution; the one place that knows the pixel ratio.

/** CSS px. */
export interface Size {
  width: number;
  height: number;
}

/** Browsers give up on canvases beyond this; a larger one is drawn a little softer. */
const PIXELS_MAX = 16_000_000;

/**
 * Fits the canvas to its size on the page and gives a context that draws in CSS px; null where none is to be had. `isOpaque`: all of it is painted
 * in every frame, so that browsers need not mix it with what lies below.
 */
export function prepare(canvas: HTMLCanvasElement, size: Size, isOpaque = false): CanvasRenderingContext2D | null {
  const context = canvas.getContext('2d', { alpha: !isOpaque });
  if (!context || size.width < 1 || size.height < 1) return null;
  const wanted = window.devicePixelRatio || 1;
  const ratio = Math.min(wanted, Math.sqrt(PIXELS_MAX / (size.width * size.height)));
  const width = Math.round(size.width * ratio);
  const height = Math.round(size.height * ratio);
  // Setting a size clears and reallocates, even where it is the same.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  // What is written in it are names and numbers.
  context.direction = 'ltr';
  context.setTransform(width / size.width, 0, 0, height / size.height, 0, 0);
  return context;
}

/** Calls with the element's size, now and at every change of it or of the pixel ratio; returns stop. */
export function watchSize(element: Element, changed: (size: Size) => void): () => void {
  const measure = () => changed({ width: element.clientWidth, height: element.clientHeight });
  const observer = new ResizeObserver(measure);
  observer.observe(element);
  let ratio: MediaQueryList;
  const watchRatio = () => {
    ratio = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    ratio.addEventListener('change', ratioChanged, { once: true });
  };
  const ratioChanged = () => {
    measure();
    watchRatio();
  };
  watchRatio();
  return () => {
    observer.disconnect();
    ratio.removeEventListener('change', ratioChanged);
  };
}

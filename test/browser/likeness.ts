// How alike two pictures are once neither words nor strokes can be told apart: structural similarity of blurred pictures, colour by colour. For the test side by side.
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';

const SSIM = join(resolve(import.meta.dirname, '../../node_modules'), 'ssim.js/dist/ssim.web.js');

/** A quarter of a desktop's viewport: both pictures are drawn this small, a line of text is 4 px high then, */
const SIZE = { width: 320, height: 200 };
/** and blurred with a Gaussian of this deviation, px: about as much as a box of 7 px. So a line of text is a bar, and an icon is a stain. */
const DEVIATION = 2;

type Compare = (a: ImageData, b: ImageData) => { mssim: number };

export interface Likeness {
  /** Of each page to its own replay: the mean of the SSIM of red, green and blue; 1 is the same picture. */
  own: number[];
  /** Of each page the replay that it is most like, by its place. */
  nearest: number[];
}

/** Loads what `likeness` needs into an empty page. */
export async function prepareLikeness(page: Page): Promise<void> {
  await page.addScriptTag({ path: SSIM });
}

/** PNG pictures of pages and, in the same order, of their replays. By ssim.js as it is, which does not scale pictures of this size. */
export function likeness(page: Page, seen: readonly Buffer[], drawn: readonly Buffer[]): Promise<Likeness> {
  const base64 = (pictures: readonly Buffer[]) => pictures.map((picture) => picture.toString('base64'));
  return page.evaluate(
    async ({ seen, drawn, size, deviation }) => {
      const { default: compare } = (window as unknown as { ssim: { default: Compare } }).ssim;
      type Channels = [ImageData, ImageData, ImageData];
      /** Red, green and blue as grey pictures. */
      const channels = async (base64: string): Promise<Channels> => {
        const picture = new Image();
        picture.src = `data:image/png;base64,${base64}`;
        await picture.decode();
        const context = new OffscreenCanvas(size.width, size.height).getContext('2d')!;
        context.imageSmoothingQuality = 'high';
        context.filter = `blur(${deviation}px)`;
        context.drawImage(picture, 0, 0, size.width, size.height);
        const { data } = context.getImageData(0, 0, size.width, size.height);
        return [0, 1, 2].map((channel) => {
          const grey = new ImageData(size.width, size.height);
          for (let i = 0; i < data.length; i += 4) grey.data.fill(data[i + channel]!, i, i + 3);
          return grey;
        }) as Channels;
      };
      const pages = await Promise.all(seen.map(channels));
      const replays = await Promise.all(drawn.map(channels));
      const like = (i: number, j: number, channel: 0 | 1 | 2) =>
        compare(pages[i]![channel], replays[j]![channel]).mssim;
      return {
        own: pages.map((_, i) => (like(i, i, 0) + like(i, i, 1) + like(i, i, 2)) / 3),
        nearest: pages.map((_, i) => {
          const likes = replays.map((_, j) => like(i, j, 1));
          return likes.indexOf(Math.max(...likes));
        }),
      };
    },
    { seen: base64(seen), drawn: base64(drawn), size: SIZE, deviation: DEVIATION },
  );
}

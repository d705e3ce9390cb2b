// A page's colour as it is painted: captures tell it in 12 bits, which makes what is almost white look tinted. `boxes.ts` and `silhouette.ts` ask it.

/** Sixteenths: what may be almost white has no channel below, and none that differs more from another. */
const LIGHT = 12;
const NEAR = 2;
/** How much of that difference is painted: the true one is anything from nothing to almost twice as much, and on pages mostly less. */
const KEPT = 0.5;

/** At most all that 16 bits can tell. */
const known = new Map<string, string>();

/** `colour`: `#rgb`, `#rgba` or empty, which stays. */
export function paintedColour(colour: string): string {
  let painted = known.get(colour);
  if (painted === undefined) {
    painted = calm(colour);
    known.set(colour, painted);
  }
  return painted;
}

function calm(colour: string): string {
  const [red = 0, green = 0, blue = 0, alpha = 15] = [...colour.slice(1)].map((digit) => Number.parseInt(digit, 16));
  const least = Math.min(red, green, blue);
  const spread = Math.max(red, green, blue) - least;
  if (least < LIGHT || spread === 0 || spread > NEAR) return colour;
  const middle = (red + green + blue) / 3;
  const channels = [red, green, blue].map((channel) => Math.round((middle + (channel - middle) * KEPT) * 17));
  return `rgb(${channels.join(' ')} / ${alpha / 15})`;
}

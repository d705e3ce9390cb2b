// The tracker's own numbers, in one place; those of the format are in format/limits.ts.

/** ms until a page is measured: by then its first layout is done, which to ask for would have made the browser do at once. */
export const VIEW_AFTER_MS = 100;
/** ms between two looks at what other tabs did. */
export const SHARE_EVERY_MS = 20_000;
/** ms: of errors that come in a flood the first of each second will do. */
export const ERROR_EVERY_MS = 1000;
/** ms from a batch's first event to its end. */
export const BATCH_MS = 5000;
/** ms: the first batch of a page goes sooner, so that its owner soon sees it. */
export const FIRST_BATCH_MS = 500;
/**
 * Packed characters after which a batch is full. No event that can come in floods has fewer than 4, so it holds less
 * than 1,000 of them; with the longest texts that may follow it stays far below the 64 KiB of requests that outlive their page.
 */
export const BATCH_FULL = 3900;
/** Characters of all batches that may wait, those of other tabs included. */
export const WAITING_MAX = 1e6;
/** Of these, those from which on mouse samples are given up, so that there is room for everything else. */
export const CROWDED = 8e5;
/** ms: longest pause between two attempts, to which up to half of it is added. */
export const PAUSE_MAX_MS = 200_000;
/** ms until the second attempt; each further pause is twice as long, and twice that where what waits came out of storage. */
export const PAUSE_FIRST_MS = 1000;
/** ms: an attempt that takes longer has failed. */
export const ATTEMPT_MAX_MS = 30_000;
/** ms after a click within which whatever happens is its effect. */
export const EFFECT_WITHIN_MS = 1000;
/** ms until the page is expected to have settled: only then is its outline looked at. */
export const SETTLED_AFTER_MS = 1000;
/** ms after a change at which the page is looked at. */
export const OUTLINE_AFTER_MS = 99;
/** ms between two outlines, at least. */
export const OUTLINE_PAUSE_MS = 1000;
/** ms that the pause is longer for each box of the page, told or not: about 300 times what it takes to look at it. */
export const BOX_PRICE = 6;
/** ms that it is longer for each character of what was told as text, about four times what it is packed: so 10 kB in any minute. */
export const LETTER_PRICE = 1.5;
/** Each of so many outlines is a whole one, the others are differences. */
export const WHOLE_EVERY = 48;
/** ms of an outline after which the page has its turn, then it goes on. */
export const SLICE_MS = 8;

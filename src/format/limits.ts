// Every bound of the recording format but those of ids (key.ts), in one place; parser, tracker and server read them from here.

/** Bytes of a request body as it is sent (compressed or not). */
export const WIRE_BYTES_MAX = 256 * 1024;
/** Bytes of a request body after one layer of gzip. */
export const BODY_BYTES_MAX = 1024 * 1024;
/** Events in one batch; at least 1. */
export const BATCH_EVENTS_MAX = 1000;
/** Code points of a page address. */
export const PAGE_MAX = 2048;
/** Code points of an element description. */
export const ELEMENT_MAX = 256;
/** Code points of a name (error, custom event, property). */
export const NAME_MAX = 128;
/** Code points of a string property of a custom event. */
export const PROPERTY_MAX = 256;
/** Properties of one custom event. */
export const PROPERTIES_MAX = 32;
/** Query parameters a site may allow by name. */
export const PARAMETERS_MAX = 20;
/** Pixels: every coordinate and size lies within ± this. */
export const PIXELS_MAX = 1_000_000;
/** Boxes of one layout; further ones are cut off. */
export const LAYOUT_BOXES_MAX = 3000;
/** Removed elements of one layout; further ones are cut off. */
export const LAYOUT_REMOVED_MAX = 3000;
/** Nested scrollers of one layout; further ones are cut off. */
export const LAYOUT_SCROLLED_MAX = 100;
/** Boxes, removed elements and nested scrollers of all layouts in one batch. */
export const LAYOUT_BATCH_BOXES_MAX = 9000;
/** Colours of one layout. */
export const PALETTE_MAX = 256;
/** Characters of any one text in a packed batch; a longer one is left out. */
export const PACKED_TEXT_MAX = 4096;

/** ms: a session lasts at most this long. */
export const SESSION_MAX_MS = 24 * 60 * 60 * 1000;
/** ms without activity that end a session. */
export const SESSION_IDLE_MS = 30 * 60 * 1000;
/** Events of one session. */
export const SESSION_EVENTS_MAX = 100_000;
/** Bytes of one session, as stored before compression. */
export const SESSION_BYTES_MAX = 32 * 1024 * 1024;
/** Bytes of one object, unpacked: what counts SESSION_BYTES_MAX has at most three bytes a character, and what stands around its texts. */
export const OBJECT_BYTES_MAX = 4 * SESSION_BYTES_MAX;
/** A clock this close (ms) to the server's is left alone. */
export const CLOCK_TOLERANCE_MS = 5000;
/** ms before the server's clock that a stored time may lie. */
export const PAST_MAX_MS = 24 * 60 * 60 * 1000;
/** ms after the server's clock that a stored time may lie. */
export const FUTURE_MAX_MS = 60_000;

/** ms: at most one mouse sample in this time; the last of a burst is kept. */
export const MOUSEMOVE_EVERY_MS = 100;
/** ms: at most one scroll sample in this time; the last of a burst is kept. */
export const SCROLL_EVERY_MS = 250;

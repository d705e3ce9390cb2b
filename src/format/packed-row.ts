// The numbers of the rows in packed.ts: the tracker knows events by these, so that no name need be in its code.

// What the visitor does comes first, up to PAGE_VIEW; what happens to him comes after.
export const MOUSEMOVE = 2;
export const CLICK = 3;
export const SCROLL = 4;
export const PAGE_VIEW = 5;
export const NAVIGATION = 6;
export const RESIZE = 7;
export const VISIBILITY_CHANGE = 8;
export const ERROR = 9;
export const CUSTOM = 10;
export const LAYOUT = 11;
export const FOCUS = 12;

/** Numbers from here on are mouse samples, and the rest of the number is their time. */
export const MOUSEMOVE_FROM = 16;

export type Row = 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12;

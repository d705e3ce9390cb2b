// The events of a recording: what a visitor did, never what was on the page. Example first, then each field.
//
//   {"event_id":"p1.0.3","event_type":"click","x":450,"y":320,"element":"BUTTON#cta.hero-btn",
//    "page":"https://example.com/","timestamp":1708617612000}
//
// The same names stand on the wire, in the objects, in the API and in these types. Readers ignore fields they do not know.

/** Fields that every event has. */
export interface EventBase {
  /** Unique in its session: the client's own, or `{page_id}.{seq}.{index}` made by the server. */
  event_id: string;
  /** Address of the page, http or https, without query and fragment (a hash route keeps its path). */
  page: string;
  /** Epoch ms, by the server's clock. */
  timestamp: number;
  /** Of a batch's first event: what the tracker had given up by then in this page load, as the batch said. */
  dropped?: number;
}

const SERVER_ID = /^([\w-]+)\.\d+\.\d+$/;

/** The page load that an event's id tells; empty: the server did not make it, and nothing can be concluded. */
export function pageLoadOf(event_id: string): string {
  return SERVER_ID.exec(event_id)?.[1] ?? '';
}

export type PointerKind = 'mouse' | 'touch' | 'pen';

/** Where the page stood: CSS px; `scroll_*` is the document's offset under the viewport's top left corner. */
export interface Geometry {
  viewport_width?: number;
  viewport_height?: number;
  document_width?: number;
  document_height?: number;
  scroll_x?: number;
  scroll_y?: number;
  device_pixel_ratio?: number;
}

/** The pointer at rest after at most 100 ms; viewport px. */
export interface MousemoveEvent extends EventBase {
  event_type: 'mousemove';
  x: number;
  y: number;
  pointer?: PointerKind;
}

/** A press on an element; `x`, `y` in viewport px. */
export interface ClickEvent extends EventBase {
  event_type: 'click';
  x: number;
  y: number;
  /** TAG#id.class, with parts that could name a person replaced by `*`. */
  element: string;
  pointer?: PointerKind;
  /** The element's box in page px. */
  element_box?: { x: number; y: number; width: number; height: number };
  /** Where in its box it was hit, 0 to 1. */
  element_x?: number;
  element_y?: number;
  /** The element does not scroll with the page. */
  fixed?: boolean;
  /** ms until the page reacted; null: nothing within 1 s; absent: not measured. */
  effect_ms?: number | null;
}

/** The visitor went into a field, by key or pointer; what is in it is never told. */
export interface FocusEvent extends EventBase {
  event_type: 'focus';
  /** As in a click. */
  element: string;
}

/** The page came to rest at this offset (at most one in 250 ms). */
export interface ScrollEvent extends EventBase {
  event_type: 'scroll';
  /** 0 to 100: 100 × scroll_y / (document height - viewport height), rounded; 0 where nothing scrolls. */
  scroll_percent: number;
  scroll_x?: number;
  scroll_y?: number;
  document_height?: number;
}

/** A page was opened or came back from the back/forward cache. */
export interface PageViewEvent extends EventBase, Geometry {
  event_type: 'page_view';
}

/** A route change inside one page load; `page` is the new address. */
export interface NavigationEvent extends EventBase, Geometry {
  event_type: 'navigation';
  from?: string;
}

/** The viewport or the document changed its size. */
export interface ResizeEvent extends EventBase, Geometry {
  event_type: 'resize';
}

/** The tab was hidden or shown again. */
export interface VisibilityChangeEvent extends EventBase {
  event_type: 'visibility_change';
  state: 'visible' | 'hidden';
}

/** A script of the page failed: the kind of error and its place, never its message. */
export interface ErrorEvent extends EventBase {
  event_type: 'error';
  /** Such as `TypeError`. */
  name: string;
  /** Address of the script, cut like a page. */
  source?: string;
  line?: number;
}

export type PropertyValue = string | number | boolean | null;

/** What the site itself reports with `silhouette.track(name, properties)` or `identify(id)` (name `identify`, property `id`). */
export interface CustomEvent extends EventBase {
  event_type: 'custom';
  name: string;
  properties?: Record<string, PropertyValue>;
}

/** The page's outline changed: boxes without content. At least one of `boxes`, `removed` and `scrolled` is there, `whole` aside. */
export interface LayoutEvent extends EventBase, Geometry {
  event_type: 'layout';
  /** 1, 2, 3 … of the captures in this page load. Absent: only `scrolled` is told. */
  number?: number;
  /** All that is to be seen; what was before is gone. Else a difference to `number` - 1. */
  whole?: boolean;
  /** `#rgb` or `#rgba`; a box names a colour by its place from 1. 0: none. */
  palette?: string[];
  /** Elements whose boxes are gone. */
  removed?: number[];
  /** Boxes; those of one element replace all that this element had. Columns: BOX in layout.ts. */
  boxes?: number[][];
  /** [element, x, y]: nested scrollers and where they now stand, px. */
  scrolled?: number[][];
  /** Boxes that an import's header told: outlines, not what was seen. */
  outline?: boolean;
}

export type SessionEvent =
  | MousemoveEvent
  | ClickEvent
  | ScrollEvent
  | PageViewEvent
  | NavigationEvent
  | ResizeEvent
  | VisibilityChangeEvent
  | ErrorEvent
  | CustomEvent
  | FocusEvent
  | LayoutEvent;

export type EventType = SessionEvent['event_type'];

type WithoutId<E> = E extends SessionEvent ? Omit<E, 'event_id'> & { event_id?: string } : never;

/** An event as the tracker sends it: the id may be left out, `timestamp` is by the visitor's clock. */
export type SentEvent = WithoutId<SessionEvent>;

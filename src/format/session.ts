// A session as the API lists it (SessionSummary) and as one reads it whole (SessionRecord, Gap).
import type { Finding, Signal } from './signal.ts';

/** A stretch of which events are missing; epoch ms. */
export interface Gap {
  from: number;
  to: number;
  /** lost: never arrived; damaged: stored, but unreadable; dropped: given up by the tracker. */
  reason: 'lost' | 'damaged' | 'dropped';
}

/** What a browser says of itself once per page load. Sizes in CSS px. */
export interface SessionContext {
  referrer?: string;
  language?: string;
  timezone?: string;
  screen_width?: number;
  screen_height?: number;
}

/** Fixed by a session's first accepted batch. */
export interface SessionOrigin {
  session_id: string;
  visitor_id: string;
  /** Epoch ms, by the server's clock. */
  started_at: number;
  /** ISO 3166-1 alpha-2; null where nothing tells. */
  country: string | null;
  /** True where the country was concluded from the time zone. */
  country_estimated: boolean;
  /** Families such as `Chrome`, `Android`; null where unknown. */
  browser: string | null;
  os: string | null;
  device: 'desktop' | 'mobile' | 'tablet' | null;
  context: SessionContext;
  /** Only for a session that was imported: epoch ms of its import, from which its retention counts. */
  imported_at?: number;
  /** Only for an imported one: where it came from, as its header says. */
  source?: string;
  /** Only for an imported one whose events carry no geometry: the viewport and document of its header, px. */
  viewport?: { width: number; height: number };
  document?: { width: number; height: number };
}

/** A row of the list. Everything beyond the origin is concluded from the events. */
export interface SessionSummary extends SessionOrigin {
  entry_page: string;
  exit_page: string;
  /** ms from `started_at` to the last event; at least 0. */
  duration: number;
  /** Epoch ms of the last event. */
  ended_at: number;
  /** 0 to 100, see docs/engagement.md. */
  engagement_score: number;
  event_count: number;
  click_count: number;
  page_count: number;
  error_count: number;
  /** ms in which the visitor did something, in whole slots. */
  active_ms: number;
  /** Furthest scroll, 0 to 100. */
  scroll_depth: number;
  /** What `silhouette.identify(id)` said last; null if it was never called. */
  identity: string | null;
  status: 'live' | 'ended';
  /** How often each signal was found; those that were not are left out. Empty for a running session in a list. */
  signals: Partial<Record<Signal, number>>;
  /** 0 to 100: how much there is to learn from watching it, see docs/signals.md. */
  worth: number;
  /** The reason of its gravest finding; null: nothing was found. */
  headline: string | null;
}

/** The whole of what is known of one session beside its events. */
export interface SessionRecord extends SessionSummary {
  /** Every page in order of first view, at most 200. */
  pages: string[];
  /** In time order, at most 100, the gravest kept. */
  findings: Finding[];
}

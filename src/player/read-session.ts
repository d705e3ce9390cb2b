// Takes a served session that nobody vouches for and gives a clean one, or null; the list and the player call it.
import type { SessionContext, SessionRecord, SessionSummary } from '../format/session.ts';
import { type Finding, SIGNALS, type Signal } from '../format/signal.ts';

type Fields = Record<string, unknown>;

/** Null where it has no id or no start; every other field that makes no sense is replaced by its emptiest value. */
export function readSummary(value: unknown): SessionSummary | null {
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Fields;
  const { session_id, started_at } = fields;
  if (typeof session_id !== 'string' || !isTime(started_at)) return null;
  const duration = count(fields.duration);
  return {
    session_id,
    visitor_id: text(fields.visitor_id) ?? '',
    started_at,
    country: text(fields.country),
    country_estimated: fields.country_estimated === true,
    browser: text(fields.browser),
    os: text(fields.os),
    device: deviceOf(fields.device),
    context: contextOf(fields.context),
    ...present('imported_at', isTime(fields.imported_at) ? fields.imported_at : undefined),
    ...present('source', text(fields.source) ?? undefined),
    ...present('viewport', sizeOf(fields.viewport)),
    ...present('document', sizeOf(fields.document)),
    entry_page: text(fields.entry_page) ?? '',
    exit_page: text(fields.exit_page) ?? text(fields.entry_page) ?? '',
    duration,
    ended_at: isTime(fields.ended_at) ? fields.ended_at : started_at + duration,
    engagement_score: Math.min(100, Math.round(count(fields.engagement_score))),
    event_count: count(fields.event_count),
    click_count: count(fields.click_count),
    page_count: count(fields.page_count),
    error_count: count(fields.error_count),
    active_ms: count(fields.active_ms),
    scroll_depth: Math.min(100, count(fields.scroll_depth)),
    identity: text(fields.identity),
    status: fields.status === 'live' ? 'live' : 'ended',
    signals: signalsOf(fields.signals),
    worth: Math.min(100, Math.round(count(fields.worth))),
    headline: text(fields.headline),
  };
}

/** The same for a whole record. */
export function readRecord(value: unknown): SessionRecord | null {
  const summary = readSummary(value);
  if (!summary) return null;
  const { pages, findings } = value as Fields;
  return {
    ...summary,
    pages: Array.isArray(pages) ? pages.filter((page) => typeof page === 'string') : [],
    findings: readFindings(findings),
  };
}

/** Those of a served list that are findings. */
function readFindings(value: unknown): Finding[] {
  return Array.isArray(value) ? value.map(findingOf).filter((finding) => finding !== null) : [];
}

function findingOf(value: unknown): Finding | null {
  if (typeof value !== 'object' || value === null) return null;
  const { signal, from, to, page, element, reason } = value as Fields;
  if (!isSignal(signal) || !isTime(from)) return null;
  return {
    signal,
    from,
    to: isTime(to) && to > from ? to : from,
    page: text(page) ?? '',
    element: text(element),
    reason: text(reason) ?? '',
  };
}

function signalsOf(value: unknown): SessionSummary['signals'] {
  if (typeof value !== 'object' || value === null) return {};
  const counts = Object.entries(value).map(([signal, found]) => [signal, count(found)] as const);
  return Object.fromEntries(counts.filter(([signal, found]) => isSignal(signal) && found > 0));
}

function isSignal(value: unknown): value is Signal {
  return (SIGNALS as readonly unknown[]).includes(value);
}

function contextOf(value: unknown): SessionContext {
  if (typeof value !== 'object' || value === null) return {};
  const fields = value as Fields;
  return {
    ...present('referrer', text(fields.referrer) ?? undefined),
    ...present('language', text(fields.language) ?? undefined),
    ...present('timezone', text(fields.timezone) ?? undefined),
    ...present('screen_width', count(fields.screen_width) || undefined),
    ...present('screen_height', count(fields.screen_height) || undefined),
  };
}

function sizeOf(value: unknown): { width: number; height: number } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { width, height } = value as Fields;
  return count(width) >= 1 && count(height) >= 1 ? { width: count(width), height: count(height) } : undefined;
}

function deviceOf(value: unknown): SessionSummary['device'] {
  return value === 'desktop' || value === 'mobile' || value === 'tablet' ? value : null;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15;
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function present<K extends string, T>(name: K, value: T | undefined): { [key in K]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { [key in K]?: T };
}

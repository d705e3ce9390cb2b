// The header line of an exported session: unknown → what an import keeps of it. What follows from the events is worked out anew.
import { type Fields, number, object, oneOf, text, time } from './field.ts';
import { FormatError } from './format-error.ts';
import { isImportedId } from './key.ts';
import { NAME_MAX, PIXELS_MAX } from './limits.ts';
import { parseContext } from './parse-batch.ts';
import type { Gap, SessionOrigin } from './session.ts';

export interface ExportHeader {
  /** `started_at` is null where the header has none: the first event tells. */
  session: Omit<SessionOrigin, 'started_at' | 'imported_at'> & { started_at: number | null };
  gaps: Gap[];
  /** Addresses and elements were cut before and stay as they are. */
  final: boolean;
}

export function isExportHeader(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && (value as Fields).kind === 'session';
}

/** Throws FormatError. */
export function parseExportHeader(header: Fields): ExportHeader {
  for (const name of ['session_id', 'visitor_id'] as const) {
    if (!isImportedId(header[name])) throw new FormatError(name, 'must be 1 to 128 of A-Z a-z 0-9 _ . -');
  }
  const viewport = size(header.viewport, 'viewport');
  const document = size(header.document, 'document');
  return {
    session: {
      session_id: header.session_id as string,
      visitor_id: header.visitor_id as string,
      started_at: isAbsent(header.started_at) ? null : time(header.started_at, 'started_at'),
      country: isAbsent(header.country) ? null : country(header.country),
      country_estimated: header.country_estimated === true,
      browser: name(header.browser, 'browser'),
      os: name(header.os, 'os'),
      device: isAbsent(header.device) ? null : oneOf(header.device, 'device', DEVICES),
      context: isAbsent(header.context) ? {} : parseContext(object(header.context, 'context')),
      ...(isAbsent(header.source) ? {} : { source: text(header.source, 'source', NAME_MAX) }),
      ...(viewport && { viewport }),
      ...(document && { document }),
    },
    gaps: Array.isArray(header.gaps) ? header.gaps.map(gap) : [],
    final: header.urls === 'final',
  };
}

const DEVICES = ['desktop', 'mobile', 'tablet'] as const;

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function name(value: unknown, field: string): string | null {
  return isAbsent(value) ? null : text(value, field, NAME_MAX);
}

function country(value: unknown): string {
  if (typeof value !== 'string' || !/^[A-Z]{2}$/.test(value)) throw new FormatError('country', 'must be two letters');
  return value;
}

function size(value: unknown, field: string): { width: number; height: number } | undefined {
  if (isAbsent(value)) return undefined;
  const given = object(value, field);
  return {
    width: number(given.width, `${field}.width`, 0, PIXELS_MAX),
    height: number(given.height, `${field}.height`, 0, PIXELS_MAX),
  };
}

function gap(value: unknown): Gap {
  const given = object(value, 'gaps');
  return {
    from: time(given.from, 'gaps.from'),
    to: time(given.to, 'gaps.to'),
    reason: oneOf(given.reason, 'gaps.reason', ['lost', 'damaged', 'dropped'] as const),
  };
}

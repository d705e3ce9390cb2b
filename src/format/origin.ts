// What is fixed of a session from its beginning: unknown → SessionOrigin. Used by the headers of objects and of exports.
import { type Fields, number, object, oneOf, text, time } from './field.ts';
import { FormatError } from './format-error.ts';
import { isImportedId } from './key.ts';
import { NAME_MAX, PIXELS_MAX } from './limits.ts';
import { parseContext } from './parse-batch.ts';
import type { Gap, SessionOrigin } from './session.ts';

/** `started_at` is null where it is not given. Throws FormatError. */
export function parseOrigin(fields: Fields): Omit<SessionOrigin, 'started_at'> & { started_at: number | null } {
  for (const name of ['session_id', 'visitor_id'] as const) {
    if (!isImportedId(fields[name])) throw new FormatError(name, 'must be 1 to 128 of A-Z a-z 0-9 _ . -');
  }
  const viewport = size(fields.viewport, 'viewport');
  const document = size(fields.document, 'document');
  return {
    session_id: fields.session_id as string,
    visitor_id: fields.visitor_id as string,
    started_at: isAbsent(fields.started_at) ? null : time(fields.started_at, 'started_at'),
    country: isAbsent(fields.country) ? null : country(fields.country),
    country_estimated: fields.country_estimated === true,
    browser: name(fields.browser, 'browser'),
    os: name(fields.os, 'os'),
    device: isAbsent(fields.device) ? null : oneOf(fields.device, 'device', DEVICES),
    context: isAbsent(fields.context) ? {} : parseContext(object(fields.context, 'context')),
    ...(isAbsent(fields.imported_at) ? {} : { imported_at: time(fields.imported_at, 'imported_at') }),
    ...(isAbsent(fields.source) ? {} : { source: text(fields.source, 'source', NAME_MAX) }),
    ...(viewport && { viewport }),
    ...(document && { document }),
  };
}

/** Throws FormatError. */
export function parseGap(value: unknown): Gap {
  const given = object(value, 'gaps');
  return {
    from: time(given.from, 'gaps.from'),
    to: time(given.to, 'gaps.to'),
    reason: oneOf(given.reason, 'gaps.reason', REASONS),
  };
}

const DEVICES = ['desktop', 'mobile', 'tablet'] as const;
const REASONS = ['lost', 'damaged', 'dropped'] as const;

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

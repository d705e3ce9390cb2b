// The header line of an exported session: unknown → what an import keeps of it. What follows from the events is worked out anew.
import type { Fields } from './field.ts';
import { parseGap, parseOrigin } from './origin.ts';
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
  const { imported_at: _, ...session } = parseOrigin(header);
  return {
    session,
    gaps: Array.isArray(header.gaps) ? header.gaps.map(parseGap) : [],
    final: header.urls === 'final',
  };
}

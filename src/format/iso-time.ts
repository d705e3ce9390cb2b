// A day or a time as ISO 8601 writes it → epoch ms. Used by the command line tool and by the filters of a list.

const ISO = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** Null for all else that Date.parse takes, since it differs by place and time zone. */
export function isoTime(value: string): number | null {
  const day = ISO.exec(value)?.[1];
  if (day === undefined) return null;
  const midnight = new Date(`${day}T00:00:00Z`);
  // The 31st of February would be taken for one of March.
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

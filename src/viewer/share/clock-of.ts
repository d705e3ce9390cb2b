// A time as a user types it. The share dialog's fields are read by it.

/** `1:02:03`, `2:03` or `3`, as ms. */
export function clockOf(text: string): number | null {
  const parts = text.trim().split(':');
  if (parts.length > 3 || parts.some((part) => !/^\d{1,4}(\.\d{1,3})?$/.test(part))) return null;
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0) * 1000;
}

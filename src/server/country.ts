// The country a time zone lies in, where nothing better tells: concluded from the runtime's own zone data. Called by collect.

let byZone: Map<string, string> | undefined;
/** Names that were asked for before: telling what a name stands for costs more than a whole batch does. */
const asked = new Map<string, string | null>();
/** There are some 600 names; the rest are inventions. */
const ASKED_MAX = 2000;

/** ISO 3166-1 alpha-2; null for a zone that is unknown or belongs to no country. */
export function countryOfZone(zone: string | undefined): string | null {
  if (!zone) return null;
  const before = asked.get(zone);
  if (before !== undefined) return before;
  byZone ??= zonesOfAllCountries();
  const country = byZone.get(canonical(zone) ?? '') ?? null;
  if (asked.size >= ASKED_MAX) asked.clear();
  asked.set(zone, country);
  return country;
}

/** Asia/Kolkata and Asia/Calcutta are one zone; null for what is none. */
function canonical(zone: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** The method is newer than the type library: https://tc39.es/proposal-intl-locale-info/ */
interface LocaleWithZones extends Intl.Locale {
  getTimeZones?(): string[] | undefined;
}

function zonesOfAllCountries(): Map<string, string> {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const zones = new Map<string, string>();
  for (const code of letters.flatMap((a) => letters.map((b) => a + b))) {
    const locale: LocaleWithZones = new Intl.Locale(`und-${code}`);
    // A code that was given up stands for its successor.
    if (locale.region !== code) continue;
    for (const zone of locale.getTimeZones?.() ?? []) if (!zones.has(zone)) zones.set(zone, code);
  }
  return zones;
}

// What this browser keeps of a person's choices, by name. Storage may be switched off: then a choice lasts as long as the page. Called by preferences.ts and what else is remembered.

export function stored(name: string): string | null {
  try {
    return localStorage.getItem(`silhouette.${name}`);
  } catch {
    return null;
  }
}

export function store(name: string, value: string): void {
  try {
    localStorage.setItem(`silhouette.${name}`, value);
  } catch {
    // Full, or switched off.
  }
}

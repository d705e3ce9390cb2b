// The API key, kept for this tab alone: in sessionStorage, never in an address, never in localStorage.

const NAME = 'silhouette.key';

/** Null where none was entered in this tab. Storage may be switched off: then the key lives as long as the page. */
export function storedKey(): string | null {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
}

/** Null forgets it. */
export function storeKey(key: string | null): void {
  try {
    if (key === null) sessionStorage.removeItem(NAME);
    else sessionStorage.setItem(NAME, key);
  } catch {
    // Without storage the key has to be entered again after a reload.
  }
}

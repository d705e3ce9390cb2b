// Keys as people read them, from how `tinykeys` does: `[Shift]+?` is `?`. The table of keys and the help sheet use it.

const NAMES: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', Control: 'Ctrl', Alt: 'Option' };

/** With an arrow it leaps from word to word in texts; the other one is the system's own. */
export const LEAP = /Mac/.test(globalThis.navigator?.platform ?? '') ? 'Alt' : 'Control';

/** `Shift C` for `Shift+c`, `?` for `[Shift]+?`, `←` for `ArrowLeft`. */
export function keyText(key: string): string {
  return parts(key)
    .map((part) => NAMES[part] ?? part)
    .join(' ');
}

/** As `aria-keyshortcuts` has it: `Shift+ArrowLeft`. */
export function keyName(key: string): string {
  return parts(key).join('+');
}

/** One who speaks to his computer, or presses keys by chance, must be able to switch these off: https://www.w3.org/TR/WCAG22/#character-key-shortcuts */
export function isCharacter(key: string): boolean {
  return parts(key).at(-1)?.length === 1;
}

/** A part in brackets may be pressed or not, and is not told. */
function parts(key: string): string[] {
  // The last one may be the key + itself.
  const told = key.split(/(?<=[\w\]])\+/).filter((part) => !part.startsWith('['));
  return told.map((part) => (part.length === 1 ? part.toUpperCase() : part));
}

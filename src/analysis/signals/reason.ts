// How a finding's reason tells times, elements and pages: short, so that it fits in a line. Called by the signals.

const NAME_MAX = 40;

/** `0.9 s`, `12 s`. */
export function seconds(ms: number): string {
  const s = ms / 1000;
  return `${s < 9.95 ? s.toFixed(1) : Math.round(s)} s`;
}

/** `BUTTON#pay`: of a name with an id the classes are left out, a long one is cut. */
export function named(element: string): string {
  const [id] = /^[^.#]*#[^.]+/.exec(element) ?? [];
  const name = id ?? element;
  return name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name;
}

/** The path of an address. */
export function pathOf(page: string): string {
  const path = page.replace(/^[a-z]+:\/\/[^/]*/i, '') || '/';
  return path.length > NAME_MAX ? `${path.slice(0, NAME_MAX - 1)}…` : path;
}

export function times(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

// The one guard between the page and the tracker: a failure stops the tracker and never reaches the page. Used by all that the page can call.

/** True while the tracker records. */
export let isLive = false;

/** Two functions, since each is called once and so becomes part of its caller. */
export const setLive = (): void => {
  isLive = true;
};

export const endLive = (): void => {
  isLive = false;
};

/** The same function, but it never throws. It takes two arguments by name: a list of them would be made at each mouse move. */
export const guard = <A extends [unknown?, unknown?]>(run: (...args: A) => void): ((...args: A) => void) => {
  const guarded = (a?: unknown, b?: unknown): void => {
    try {
      run(...([a, b] as unknown as A));
    } catch {
      isLive = false;
    }
  };
  return guarded;
};

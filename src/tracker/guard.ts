// The one guard between the page and the tracker: a failure stops the tracker and never reaches the page. Used by all that the page can call.

/** True while the tracker records. */
export let isLive = false;

export const setLive = (live: boolean): void => {
  isLive = live;
};

/** The same function, but it never throws. */
export const guard = <A extends unknown[]>(run: (...args: A) => void): ((...args: A) => void) => {
  return (...args) => {
    try {
      run(...args);
    } catch {
      isLive = false;
    }
  };
};

/** Hears an event anywhere in the page and before the page does. Not for the kinds that hold up scrolling. */
export const listen = <E extends Event>(type: string, hear: (event: E) => void): void => {
  addEventListener(type, guard(hear) as (event: Event) => void, true);
};

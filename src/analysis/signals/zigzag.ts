// Turns of a value that goes up and down. Called by thrashed-cursor.ts and excessive-scroll.ts.

/** Where a value turned: its index, and how far it had come since the turn before. */
export interface Turn {
  index: number;
  leg: number;
}

/** Turns after which it came back by at least `leg`, in order. */
export function turnsOf(values: ArrayLike<number>, from: number, to: number, leg: number): Turn[] {
  const turns: Turn[] = [];
  if (to <= from) return turns;
  let low = from;
  let high = from;
  /** 1: rising since the last turn; 0: neither yet. */
  let direction = 0;
  let since = values[from]!;
  const turn = (index: number) => {
    turns.push({ index, leg: Math.abs(values[index]! - since) });
    since = values[index]!;
  };
  for (let i = from + 1; i < to; i++) {
    const value = values[i]!;
    if (value > values[high]!) high = i;
    if (value < values[low]!) low = i;
    if (direction <= 0 && value - values[low]! >= leg) {
      if (direction < 0) turn(low);
      direction = 1;
      high = i;
    } else if (direction >= 0 && values[high]! - value >= leg) {
      if (direction > 0) turn(high);
      direction = -1;
      low = i;
    }
  }
  return turns;
}

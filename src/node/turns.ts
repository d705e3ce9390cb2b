// Tells when more is asked than the process can do, by how long it works on what it finds waiting at once. Asked by listener.ts at every request.

/** ms: a turn of the event loop that takes longer leaves the next requests waiting for too long. */
const TURN = 15;
/** ms that turns may be longer, and requests that are taken on in them, before anybody is turned away: a burst, or a pause of the machine, is worked off. */
const PATIENCE = 500;
const BURST = 300;
/** ms without anybody turned away after which there is patience again. */
const CALM = 1000;
/** ms that a turn may take, with all that are turned away in it. Who comes on a new connection waits for two or three. */
const WHOLE = 10;
/** ms of a turn in which requests are taken on, at the least. */
const SHARE_MIN = 1;
/** Small batches that are taken on in every turn, whatever else is: they cost little, and who sends them is not to wait for those who send much. */
const SMALL_MIN = 12;
/** ms after being turned away in which nobody was told to come again: the soonest `Retry-After` is a second. */
const HASTY = 1000;
/** ms by which the hasty are answered later than the others. */
const DELAY = 20;

export class Turns {
  private readonly now: () => number;
  /** When the first request of this turn was found; null: none was yet. */
  private began: number | null = null;
  /** Since when turns have been long, or some were turned away lately; null: neither. */
  private longSince: number | null = null;
  /** Requests that were taken on since then. */
  private taken = 0;
  /** When the turn before ended; null: it turned nobody away. */
  private ended: number | null = null;
  /** ms of a turn in which requests are taken on: fewer, where it takes too long to turn the others away. */
  private share = TURN;
  /** Small batches that were taken on in this turn, up to SMALL_MIN. */
  private small = 0;
  private away: (() => void)[] = [];
  /** The same of those who did not wait. */
  private hasty: (() => void)[] = [];
  /** When anybody was turned away last, and when each who was. */
  private lastAway = Number.NEGATIVE_INFINITY;
  private readonly awayAt = new WeakMap<object, number>();

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /**
   * True: whoever asks on `connection`, `isSmall` with a batch of some kilobytes, is to be told to come again later: `turnAway` is called as soon as this turn has ended. If it were called
   * now, those who ask again at once would be found in the same turn, and lengthen it for everybody else. Those who do ask again at once are answered a little later, and so less often.
   */
  isOverloaded(connection: object, isSmall: () => boolean, turnAway: () => void): boolean {
    const now = this.now();
    const isTooMuch = this.isTooMuch(now);
    const isFew = this.small < SMALL_MIN && isSmall();
    if (isFew) this.small++;
    if (isFew || !isTooMuch) {
      this.taken++;
      return false;
    }
    const isHasty = now - (this.awayAt.get(connection) ?? Number.NEGATIVE_INFINITY) < HASTY;
    this.awayAt.set(connection, now);
    (isHasty ? this.hasty : this.away).push(turnAway);
    return true;
  }

  private isTooMuch(now: number): boolean {
    if (this.began === null) {
      this.began = now;
      setImmediate(() => this.end(now));
    }
    const isPatient = now - (this.longSince ?? this.began) <= PATIENCE && this.taken < BURST;
    return now - this.began > this.share && !isPatient;
  }

  private end(began: number): void {
    const { away, hasty } = this;
    this.away = [];
    this.hasty = [];
    for (const turnAway of away) turnAway();
    if (hasty.length > 0) setTimeout(() => hasty.forEach((turnAway) => void turnAway()), DELAY);
    const now = this.now();
    const isOver = away.length + hasty.length > 0;
    if (isOver) this.lastAway = now;
    const isLong = now - began > TURN || now - this.lastAway < CALM;
    this.longSince = isLong ? (this.longSince ?? began) : null;
    if (!isLong) this.taken = 0;
    // What the process does between two turns, as writing what it took on, is waited for too.
    const whole = now - (this.ended ?? began);
    this.share = isOver && whole > WHOLE ? Math.max(SHARE_MIN, this.share / 2) : Math.min(TURN, this.share + 1);
    this.ended = isOver ? now : null;
    this.began = null;
    this.small = 0;
  }
}

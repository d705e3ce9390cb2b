// Tells when more is asked than the process can do, by how long it works on what it finds waiting at once. Asked by listener.ts at every request.

/** ms: a turn of the event loop that takes longer leaves the next requests waiting for too long. */
const TURN = 15;
/** ms that turns may be longer before anybody is turned away: a burst, or a pause of the machine, is worked off. */
const PATIENCE = 500;
/** ms that a turn may take, with all that are turned away in it. Who comes on a new connection waits for two or three. */
const WHOLE = 15;
/** ms of a turn in which requests are taken on, at the least. */
const SHARE_MIN = 1;
/** Small batches that are taken on in every turn: they cost little, and who sends them is not to wait for those who send much. */
const SMALL_MIN = 8;

export class Turns {
  private readonly now: () => number;
  /** When the first request of this turn was found; null: none was yet. */
  private began: number | null = null;
  /** Since when no turn has been short; null: the last one was. */
  private longSince: number | null = null;
  /** When the turn before ended; null: it turned nobody away. */
  private ended: number | null = null;
  /** ms of a turn in which requests are taken on: fewer, where it takes too long to turn the others away. */
  private share = TURN;
  /** Small batches of this turn. */
  private small = 0;
  private away: (() => void)[] = [];

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /**
   * True: whoever asks, `isSmall` with a batch of some kilobytes, is to be told to come again later: `turnAway` is called as soon as this turn has ended. If it were called now, those
   * who ask again at once would be found in the same turn, and lengthen it for everybody else.
   */
  isOverloaded(isSmall: boolean, turnAway: () => void): boolean {
    const now = this.now();
    if (isSmall) this.small++;
    if (this.began === null) {
      this.began = now;
      setImmediate(() => this.end(now));
      return false;
    }
    if (isSmall && this.small <= SMALL_MIN) return false;
    const isOverloaded = now - this.began > this.share && now - (this.longSince ?? this.began) > PATIENCE;
    if (isOverloaded) this.away.push(turnAway);
    return isOverloaded;
  }

  private end(began: number): void {
    const { away } = this;
    this.away = [];
    for (const turnAway of away) turnAway();
    const now = this.now();
    const isOver = away.length > 0;
    this.longSince = isOver || now - began > TURN ? (this.longSince ?? began) : null;
    // What the process does between two turns, as writing what it took on, is waited for too.
    const whole = now - (this.ended ?? began);
    this.share = isOver && whole > WHOLE ? Math.max(SHARE_MIN, this.share / 2) : Math.min(TURN, this.share + 1);
    this.ended = isOver ? now : null;
    this.began = null;
    this.small = 0;
  }
}

// Tells when more is asked than the process can do, by how long it works on what it finds waiting at once. Asked by listener.ts at every request.

/** ms: a turn of the event loop that takes longer leaves the next requests waiting for too long. */
const TURN = 15;
/** ms that turns may be longer before anybody is turned away: a burst, or a pause of the machine, is worked off. */
const PATIENCE = 500;

export class Turns {
  private readonly now: () => number;
  /** When the first request of this turn was found; null: none was yet. */
  private began: number | null = null;
  /** Since when no turn has been short; null: the last one was. */
  private longSince: number | null = null;

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** True: whoever asks now is to be told to come again later, at once. */
  isOverloaded(): boolean {
    const now = this.now();
    if (this.began === null) {
      this.began = now;
      setImmediate(() => this.end());
      return false;
    }
    return now - this.began > TURN && now - (this.longSince ?? this.began) > PATIENCE;
  }

  private end(): void {
    const isLong = this.now() - this.began! > TURN;
    this.longSince = isLong ? (this.longSince ?? this.began) : null;
    this.began = null;
  }
}

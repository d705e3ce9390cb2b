// Decides who goes on: each call of a port waits here until it is picked. One thread, no timers, no time but the simulated one. Made by history.ts.
import type { Chance } from './chance.ts';

/** One life of a server: what it had under way when it is killed never goes on. */
export interface Life {
  number: number;
  dead: boolean;
}

interface Parked {
  life: Life;
  what: string;
  go: () => void;
}

export class Scheduler {
  private parked: Parked[] = [];
  private moves = 0;
  private readonly chance: Chance;
  private readonly say: (line: string) => void;

  constructor(chance: Chance, say: (line: string) => void) {
    this.chance = chance;
    this.say = say;
  }

  /** Resolves when it is this one's turn; never once its life is over. */
  turn(life: Life, what: string): Promise<void> {
    this.moves++;
    return new Promise((go) => {
      if (!life.dead) this.parked.push({ life, what, go });
    });
  }

  get isIdle(): boolean {
    return this.parked.length === 0;
  }

  kill(life: Life): void {
    life.dead = true;
    this.parked = this.parked.filter((one) => one.life !== life);
  }

  /** Lets one of those that wait go on, until all wait again. */
  async step(): Promise<void> {
    const i = this.chance.below(this.parked.length);
    const [one] = this.parked.splice(i, 1);
    this.say(`  ${one!.life.number}: ${one!.what}`);
    one!.go();
    await this.quiet();
  }

  /** Resolves once nothing moves any more by itself: all that the app does beside its ports takes no other thread. */
  async quiet(): Promise<void> {
    for (let before = -1, calm = 0; calm < 1; ) {
      await new Promise(setImmediate);
      calm = this.moves === before ? calm + 1 : 0;
      before = this.moves;
    }
  }
}

// How often a run of the cron may still ask other services: Cloudflare ends a run that asks once too often, whatever it is at. Made by maintain.ts, spent by the stores.
import { RunSpent, type StoreUnavailable } from '../server/ports.ts';

/** Of a run, set aside for noting what it has done. */
const LAST_WORDS = 3;

export class Budget {
  private left: number;
  private aside = LAST_WORDS;

  constructor(questions: number) {
    this.left = questions - this.aside;
  }

  /** Called before a store is asked. Throws RunSpent where it would be too much; from the first time on, what was set aside may be spent too. */
  spend(store: StoreUnavailable['store'], questions = 1): void {
    if (questions <= this.left) {
      this.left -= questions;
      return;
    }
    this.left += this.aside;
    this.aside = 0;
    throw new RunSpent(store);
  }
}

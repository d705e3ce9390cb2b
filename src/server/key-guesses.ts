// Holds back an address that tries one key after the other. In memory, bounded, forgotten over a restart. Called by app.ts wherever a key is looked at.
import { sha256 } from './sha256.ts';

/** Different wrong keys that one address may bring in a minute. A program that is set wrongly brings one, however often. */
export const WRONG_KEYS_MAX = 20;
const WINDOW_MS = 60_000;
/** ms for which an address that brought a right key is known: its right keys go on being taken, whoever guesses beside it. */
const KNOWN_MS = 24 * 60 * 60 * 1000;
/** Addresses remembered; beyond it the one heard of longest ago is forgotten. */
const ADDRESSES_MAX = 10_000;
/** Digits of a digest that tell keys apart. */
const DIGITS = 12;

interface Guesser {
  /** When each wrong key came first, epoch ms. */
  wrong: Map<string, number>;
  rightAt: number;
}

/** Times in epoch ms. */
export class KeyGuesses {
  private readonly guessers = new Map<string, Guesser>();

  /** Seconds for which no key from this address is looked at, a right one neither; 0: any is. */
  wait(address: string, now: number): number {
    const guesser = this.guessers.get(address);
    if (!guesser || now - guesser.rightAt < KNOWN_MS) return 0;
    return secondsOf(guesser, now);
  }

  /** As `wait`, for this key alone. `key`: all that the request brought as such. */
  async noteWrong(address: string, key: string, now: number): Promise<number> {
    const digest = (await sha256(key)).slice(0, DIGITS);
    const guesser = this.guesserAt(address);
    const seconds = guesser.wrong.has(digest) ? 0 : secondsOf(guesser, now);
    if (seconds === 0 && !guesser.wrong.has(digest)) guesser.wrong.set(digest, now);
    return seconds;
  }

  noteRight(address: string, now: number): void {
    this.guesserAt(address).rightAt = now;
  }

  private guesserAt(address: string): Guesser {
    const guesser = this.guessers.get(address) ?? { wrong: new Map(), rightAt: Number.NEGATIVE_INFINITY };
    this.guessers.delete(address);
    this.guessers.set(address, guesser);
    if (this.guessers.size > ADDRESSES_MAX) this.guessers.delete(this.guessers.keys().next().value!);
    return guesser;
  }
}

function secondsOf({ wrong }: Guesser, now: number): number {
  // A clock that steps back blocks nobody for longer than the window.
  for (const [key, at] of wrong) if (Math.abs(now - at) >= WINDOW_MS) wrong.delete(key);
  if (wrong.size < WRONG_KEYS_MAX) return 0;
  const oldest = Math.min(...wrong.values());
  return Math.max(1, Math.ceil((oldest + WINDOW_MS - now) / 1000));
}

// Reads the body of GET /replay/sessions/:id piece by piece as it arrives: no piece of work grows with the session. The viewer feeds it.
import { type Recording, RecordingBuilder } from './recording.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Characters of events that are parsed at once. */
const PARSED_AT_ONCE = 64 * 1024;

/**
 * Finds the boundaries of the top-level object's values and of the elements of `events` in text that comes in pieces cut
 * anywhere, and leaves each to JSON.parse. Throws SyntaxError for what is not JSON.
 */
export class BodyReader {
  readonly #builder: RecordingBuilder;
  readonly #fields = new Map<string, unknown>();
  #text = '';
  /** How far `#text` has been scanned; where the value (or run of events) in work begins; where its last whole event ends. */
  #position = 0;
  #begin = 0;
  #whole = 0;
  #depth = 0;
  #inString = false;
  #key = '';
  #done = false;

  /** `builder`: has what was read before, where this is what came since. */
  constructor(builder = new RecordingBuilder()) {
    this.#builder = builder;
  }

  /** Events of the whole session, as far as the body tells. */
  get eventCount(): unknown {
    return this.#fields.get('event_count');
  }

  feed(piece: string): void {
    this.#text = this.#text.slice(this.#begin) + piece;
    this.#position -= this.#begin;
    this.#whole -= this.#begin;
    this.#begin = 0;
    this.#scan();
    if (this.#inEvents() && this.#whole > this.#begin) this.#takeEvents(this.#whole);
  }

  /** To be run once all has been fed; returns null where the body holds no session. */
  *finish(): Generator<void, Recording | null> {
    if (!this.#done) throw new SyntaxError('The answer broke off.');
    return yield* this.#builder.finish(this.#fields.get('session'), this.#fields.get('gaps'), this.#fields.get('part'));
  }

  #scan(): void {
    const text = this.#text;
    let position = this.#position;
    while (position < text.length) {
      if (this.#inString) {
        position = this.#endOfString(position);
        continue;
      }
      const code = text.charCodeAt(position);
      const at = position++;
      if (code === QUOTE) this.#inString = true;
      else if (code === OPEN_BRACE || code === OPEN_BRACKET) this.#open(at);
      else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) this.#close(at);
      else if (this.#depth > 2) continue;
      else if (code === COLON && this.#depth === 1) this.#name(at);
      else if (code === COMMA && this.#depth === 1) this.#take(at);
      else if (code === COMMA && this.#depth === 2 && this.#key === 'events') this.#separate(at);
    }
    this.#position = position;
  }

  /** Where the text goes on behind the string in which it is at `from`: where the piece ends, if the string does not. */
  #endOfString(from: number): number {
    const text = this.#text;
    for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
      let escapes = 0;
      while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
      if (escapes % 2 === 1) continue;
      this.#inString = false;
      return end + 1;
    }
    return text.length;
  }

  #open(at: number): void {
    this.#depth++;
    if (this.#depth === 1 || (this.#depth === 2 && this.#key === 'events')) this.#begin = this.#whole = at + 1;
  }

  #close(at: number): void {
    if (this.#depth === 2 && this.#key === 'events') {
      this.#takeEvents(at);
      this.#key = '';
      this.#begin = at + 1;
    } else if (this.#depth === 1) {
      this.#take(at);
      this.#done = true;
    }
    this.#depth--;
  }

  #name(at: number): void {
    this.#key = String(JSON.parse(this.#text.slice(this.#begin, at)));
    this.#begin = at + 1;
  }

  #take(at: number): void {
    if (this.#key !== '') this.#fields.set(this.#key, JSON.parse(this.#text.slice(this.#begin, at)));
    this.#key = '';
    this.#begin = at + 1;
  }

  #separate(at: number): void {
    this.#whole = at;
    if (at - this.#begin > PARSED_AT_ONCE) this.#takeEvents(at);
  }

  #takeEvents(end: number): void {
    const run = this.#text.slice(this.#begin, end);
    this.#begin = this.#whole = end + 1;
    if (run.trim() === '') return;
    for (const event of JSON.parse(`[${run}]`) as unknown[]) this.#builder.add(event);
  }

  #inEvents(): boolean {
    return this.#depth >= 2 && this.#key === 'events';
  }
}

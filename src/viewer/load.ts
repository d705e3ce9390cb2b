// Reads a session from wherever it comes: around one time first, then whole, then what is new of a running one. Called by session-open.ts.
import { BodyReader } from '../player/read-body.ts';
import { isWithin, type Recording, RecordingBuilder } from '../player/recording.ts';
import { createBreather } from './breathe.ts';
import { asFailure } from './failure.ts';

/** ms from the start. `at`: as much as shows it there; `from`: what is not older; neither: the whole. */
export type Asked = { at: number } | { from: number } | Record<string, never>;

/**
 * Where one session comes from: answers with a body as GET /replay/sessions/:id has it. One that has it whole may answer so whatever is
 * asked, but for `from`. Throws Failure, or an AbortError where `signal` said so.
 */
export type Source = (asked: Asked, signal: AbortSignal) => Promise<Response>;

export interface Loaded {
  recording: Recording;
  /** Has the events, for those to come. */
  builder: RecordingBuilder;
}

/** Characters read between two looks at the clock. */
const PIECE = 128 * 1024;
/** ms: what another tab sent late is not older than this, or it is noticed by the number of events. */
const LATE_MS = 60_000;

/** Reads the body as it arrives and hands the browser its turn in between, so that 100,000 events never hold up the page. */
export async function load(source: Source, asked: Asked, signal: AbortSignal): Promise<Loaded> {
  return (await read(source, asked, signal, new RecordingBuilder())).loaded;
}

/** What was read before, and what has come since. */
export async function loadMore(source: Source, { recording, builder }: Loaded, signal: AbortSignal): Promise<Loaded> {
  const from = Math.max(0, Math.floor(recording.duration) - LATE_MS);
  builder.cut(recording.session.started_at + from);
  const { loaded, eventCount } = await read(source, { from }, signal, builder);
  return eventCount === builder.count ? loaded : load(source, {}, signal);
}

async function read(
  source: Source,
  asked: Asked,
  signal: AbortSignal,
  builder: RecordingBuilder,
): Promise<{ loaded: Loaded; eventCount: unknown }> {
  const response = await source(asked, signal);
  const breathe = createBreather();
  const reader = new BodyReader(builder);
  try {
    const stream = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await stream?.read(); part && !part.done; part = await stream?.read()) {
      for (let at = 0; at < part.value.length; at += PIECE) {
        reader.feed(part.value.slice(at, at + PIECE));
        await breathe();
      }
    }
    const steps = reader.finish();
    for (;;) {
      const step = steps.next();
      if (step.done) {
        if (!step.value) throw new SyntaxError();
        return { loaded: { recording: partFor(asked, step.value), builder }, eventCount: reader.eventCount };
      }
      await breathe();
      signal.throwIfAborted();
    }
  } catch (error) {
    throw signal.aborted ? error : asFailure(error);
  }
}

/** A part that does not show what was asked for is all there is. */
function partFor(asked: Asked, recording: Recording): Recording {
  const shows = 'at' in asked && isWithin(recording.part, Math.min(asked.at, recording.duration));
  return shows ? recording : { ...recording, part: null };
}

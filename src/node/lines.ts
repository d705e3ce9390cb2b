// Bytes, gzipped or not → lines of text. Called by command.ts for what is imported.
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Characters of a line; a longer one is no event of ours. */
const LINE_MAX = 4 * 1024 * 1024;

/** Where the file breaks off or is damaged, `complain` is told and what came before it stands. */
export async function* linesOf(
  input: AsyncIterable<Uint8Array>,
  complain: (line: number, reason: string) => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let line = 1;
  let rest = '';
  let tooLong = false;
  try {
    for await (const chunk of await plain(input)) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop()!;
      for (const text of lines) {
        line++;
        // The reader counts lines too, so one that is left out is handed on empty.
        yield tooLong ? '' : text.replace(/\r$/, '');
        tooLong = false;
      }
      if (rest.length > LINE_MAX) {
        if (!tooLong) complain(line, `is longer than ${LINE_MAX} characters`);
        tooLong = true;
        rest = '';
      }
    }
  } catch (error) {
    if (!isGzipError(error)) throw error;
    complain(line, 'the gzip data ends or breaks here');
    return;
  }
  if (rest !== '' && !tooLong) yield rest;
}

/** Takes gzip off where the first bytes are its. */
async function plain(input: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const iterator = input[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return Readable.from([]);
  const all = (async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => iterator };
  })();
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  if (!isGzip) return all;
  const source = Readable.from(all);
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}

function isGzipError(error: unknown): boolean {
  return /^Z_/.test(String((error as NodeJS.ErrnoException).code));
}

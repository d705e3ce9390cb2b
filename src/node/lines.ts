// Bytes, gzipped or not → lines of text. Called by cli.ts for what is imported, and for the lists of a backup.
import { createReadStream } from 'node:fs';
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
    for await (const chunk of plain(input)) {
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

/** Of a file of our own: lines of any length, each with its end. */
export async function* linesOfFile(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
}

/** Takes gzip off where the first bytes are its. */
async function* plain(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let unpack: ((chunk: Uint8Array | null) => Promise<Uint8Array[]>) | undefined;
  let isFirst = true;
  for await (const chunk of input) {
    if (isFirst && chunk[0] === 0x1f && chunk[1] === 0x8b) unpack = gunzipper();
    isFirst = false;
    if (unpack) yield* await unpack(chunk);
    else yield chunk;
  }
  if (unpack) yield* await unpack(null);
}

/** Gives what each chunk unpacks to; the error of a broken one comes with the next call, so that nothing before it is lost. */
function gunzipper(): (chunk: Uint8Array | null) => Promise<Uint8Array[]> {
  const gunzip = createGunzip();
  let unpacked: Uint8Array[] = [];
  let failure: Error | undefined;
  let wake = () => {};
  gunzip.on('data', (data) => unpacked.push(data));
  gunzip.on('end', () => wake());
  gunzip.on('error', (error) => {
    failure = error;
    wake();
  });
  return async (chunk) => {
    if (failure) throw failure;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (chunk) gunzip.write(chunk, () => resolve());
      else gunzip.end();
    });
    const done = unpacked;
    unpacked = [];
    if (failure && done.length === 0) throw failure;
    return done;
  };
}

function isGzipError(error: unknown): boolean {
  return /^Z_/.test(String((error as NodeJS.ErrnoException).code));
}

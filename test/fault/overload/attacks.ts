// A client that asks too much of the server, as a process of its own: attacks.ts KIND JSON; prints what it met with as JSON. Started by phases.ts.
import { setTimeout as wait } from 'node:timers/promises';
import { onAnswers, open, type Way } from './connection.ts';
import { Batches, collect, get, headOf } from './requests.ts';

export interface Attack extends Way {
  /** Connections at once; of `burst` and `flood` requests. */
  count: number;
  seconds: number;
  /** Ends once so many slow connections were closed, not only after `seconds`. */
  enough?: number;
  /** Bytes of a body that come at once, before the slow ones. */
  quick?: number;
  /** Requests a second. */
  rate?: number;
  /** Requests under way at once on a connection. */
  depth?: number;
  path?: string;
  key?: string;
}

export interface Met {
  /** Requests of a flood. */
  asked: number;
  /** Answers by status. */
  statuses: Record<string, number>;
  /** Those that ask to come again, of all 429 and 503. */
  polite: number;
  /** Connections that were closed with no answer. */
  cut: number;
  /** ms from asking to a refusal, to an acceptance. */
  refused: number[];
  accepted: number[];
  /** ms from connecting to the end of a connection that was slow. */
  lives: number[];
  /** ms from the first request to the last answer. */
  took: number;
}

const met: Met = { asked: 0, statuses: {}, polite: 0, cut: 0, refused: [], accepted: [], lives: [], took: 0 };
/** Of a batch: about 3 kB. */
const EVENTS = 20;
const WIRE_MAX = 256 * 1024;
/** Connections that are begun in one go, so that the attacker is no burst of connections where it is meant to be slow. */
const WAVE = 250;

function note(status: number, retryAfter: boolean, since: number): void {
  met.statuses[status] = (met.statuses[status] ?? 0) + 1;
  const ms = performance.now() - since;
  if (status === 429 || status === 503) {
    if (retryAfter) met.polite++;
    met.refused.push(ms);
  } else met.accepted.push(ms);
}

/** Keeps `count` connections busy: each sends what `start` says, then a byte a second; where one is closed another begins. */
async function slow({ count, seconds, enough = Number.POSITIVE_INFINITY, ...way }: Attack, start: string) {
  const until = performance.now() + seconds * 1000;
  const isOver = () => performance.now() > until || met.lives.length >= enough;
  const begin = () => {
    const began = performance.now();
    const socket = open(way);
    let answered = false;
    let drip: NodeJS.Timeout | undefined;
    socket.on('connect', () => {
      socket.write(start);
      drip = setInterval(() => socket.write('x'), 1000);
    });
    onAnswers(socket, (status, retryAfter) => {
      answered = true;
      note(status, retryAfter, began);
    });
    socket.on('close', () => {
      clearInterval(drip);
      if (isOver()) return;
      if (!answered) met.cut++;
      met.lives.push(performance.now() - began);
      setTimeout(begin, 100 * Math.random());
    });
  };
  for (let i = 0; i < count; i++) {
    begin();
    if (i % WAVE === WAVE - 1) await wait(20);
  }
  while (!isOver()) await wait(20);
}

/** Asks for something large and takes a kilobyte of it a second. */
async function readers({ count, seconds, path, key, ...way }: Attack): Promise<void> {
  const until = performance.now() + seconds * 1000;
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    let first = true;
    const callback = (_size: number, buffer: Uint8Array) => {
      if (first)
        note(Number(Buffer.from(buffer).toString('latin1', 9, 12)), /retry-after/i.test(String(buffer)), began);
      first = false;
      setTimeout(() => socket.resume(), 1000);
      return false;
    };
    const socket = open(way, { onread: { buffer: Buffer.alloc(1024), callback } });
    socket.on('connect', () => socket.write(get(path!, key!)));
    socket.on('close', () => {
      if (performance.now() < until) met.lives.push(performance.now() - began);
    });
  }
  await wait(until - performance.now());
}

/** As many visitors as `count`, each with one batch on a connection of its own, all at the same moment. */
async function burst({ count, ...way }: Attack): Promise<void> {
  const requests = Array.from({ length: count }, () => collect(new Batches(EVENTS).next()));
  const one = (request: string) =>
    new Promise<void>((resolve) => {
      const began = performance.now();
      const socket = open(way);
      let answered = false;
      socket.on('connect', () => socket.write(request));
      onAnswers(socket, (status, retryAfter) => {
        answered = true;
        note(status, retryAfter, began);
        socket.destroy();
      });
      socket.on('close', () => {
        if (!answered) met.cut++;
        resolve();
      });
    });
  await Promise.all(requests.map(one));
}

/** `rate` requests a second, whatever becomes of those before, up to `depth` of them at once on each of `count` connections. */
async function flood({ count, seconds, rate, depth = 1, path, key, ...way }: Attack): Promise<void> {
  const began = performance.now();
  const end = began + seconds * 1000;
  const due = () => ((performance.now() - began) / 1000) * rate!;
  const idle: (() => void)[] = [];
  let sent = 0;
  let connections = 0;
  const connection = () => {
    const socket = open(way);
    const batches = new Batches(EVENTS);
    const since: number[] = [];
    connections++;
    const next = () => {
      let text = '';
      const now = performance.now();
      for (; since.length < depth && sent < due(); sent++) {
        text += path ? get(path, key!) : collect(batches.next());
        since.push(now);
      }
      if (text) socket.write(text);
      else idle.push(next);
    };
    socket.on('connect', next);
    onAnswers(socket, (status, retryAfter) => {
      note(status, retryAfter, since.shift()!);
      if (since.length === 0 && performance.now() < end) next();
    });
    socket.on('close', () => {
      connections--;
      met.cut += since.length;
      if (performance.now() < end) connection();
    });
  };
  while (performance.now() < end) {
    while (idle.length > 0 && sent < due()) idle.pop()!();
    while (connections < count && sent < due()) connection();
    await wait(1);
  }
  met.asked = sent;
}

const KINDS: Record<string, (attack: Attack) => Promise<void>> = {
  heads: (attack) => slow(attack, 'POST /collect HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '),
  bodies: (attack) => slow(attack, `${headOf(WIRE_MAX)}\r\n${' '.repeat(attack.quick ?? 0)}`),
  readers,
  burst,
  flood,
};

const [kind, attack] = process.argv.slice(2) as [string, string];
const began = performance.now();
await KINDS[kind]!(JSON.parse(attack) as Attack);
met.took = performance.now() - began;
process.stdout.write(JSON.stringify(met), () => process.exit());

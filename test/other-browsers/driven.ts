// What a test does with a browser that is not Chromium, whatever it is driven by; and the process it runs in. For the drivers and their tests.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Tab {
  /** Resolves once the page is loaded. */
  goto(url: string): Promise<void>;
  back(): Promise<void>;
  /** Runs the function in the page, in which it sees nothing but its arguments, and waits for what it promises. All of it goes as JSON. */
  evaluate<T, A extends unknown[]>(run: (...args: A) => T | Promise<T>, ...args: A): Promise<T>;
  /** Viewport px; one step after the other, as a hand would. */
  move(...points: (readonly [x: number, y: number])[]): Promise<void>;
  click(x: number, y: number): Promise<void>;
  wheel(x: number, y: number, by: number): Promise<void>;
  /** One key after the other, each a character or one of `KEYS`. */
  press(...keys: string[]): Promise<void>;
  /** Of the viewport, CSS px. */
  resize(width: number, height: number): Promise<void>;
  /** A PNG of the viewport. */
  picture(): Promise<Buffer>;
  /** As a user closes it: the page hears that it is left. */
  close(): Promise<void>;
}

export interface Driven {
  name: string;
  /** CSS px; narrower than this no window of it gets. */
  leastWidth: number;
  open(): Promise<Tab>;
  /** What pages complained of while they were driven. */
  complaints: string[];
  /** What its console says of a page from its first byte until `done`. */
  consoleAt(url: string, done: () => Promise<unknown>): Promise<string[]>;
  close(): Promise<void>;
}

/** As WebDriver writes keys that are no characters. */
export const KEYS = {
  enter: '\uE007',
  tab: '\uE004',
  escape: '\uE00C',
  space: ' ',
  left: '\uE012',
  right: '\uE014',
  down: '\uE015',
  end: '\uE010',
} as const;

/** ms that the pointer takes from one point to the next. */
export const STEP_MS = 20;

/** Input as WebDriver has it, the same in both of its protocols. */
export const actions = {
  move: (points: readonly (readonly [x: number, y: number])[]) =>
    mouse(
      points.flatMap(([x, y]) => [
        { type: 'pointerMove', x, y, duration: 0 },
        { type: 'pause', duration: STEP_MS },
      ]),
    ),
  click: (x: number, y: number) =>
    mouse([
      { type: 'pointerMove', x, y, duration: 0 },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ]),
  wheel: (x: number, y: number, by: number) => [
    { type: 'wheel', id: 'wheel', actions: [{ type: 'scroll', x, y, deltaX: 0, deltaY: by, duration: 0 }] },
  ],
  press: (keys: readonly string[]) => [
    {
      type: 'key',
      id: 'keys',
      actions: keys.flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]),
    },
  ],
};

function mouse(steps: object[]) {
  return [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: steps }];
}

export interface Started {
  process: ChildProcess;
  /** What it has written, both streams. */
  output(): string;
  /** Resolves to the match once it has written such a thing. */
  says(pattern: RegExp): Promise<RegExpMatchArray>;
  stop(): Promise<void>;
}

/** Starts a program. `stop` ends it, and with it whatever it has started: it has a process group of its own. */
export function start(command: string, args: string[], env: Record<string, string> = {}): Started {
  const child = spawn(command, args, { env: { ...process.env, ...env }, detached: true });
  const exited = once(child, 'exit');
  let written = '';
  const looks = new Set<() => void>();
  const hear = (text: Buffer) => {
    written += text;
    for (const look of looks) look();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return {
    process: child,
    output: () => written,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = written.match(pattern);
          if (!found) return;
          looks.delete(look);
          resolve(found);
        };
        looks.add(look);
        look();
        exited.then(
          () => reject(new Error(`${command} ended: ${written}`)),
          (error) => reject(new Error(`${command} cannot be started: ${error}`)),
        );
      }),
    async stop() {
      try {
        process.kill(-child.pid!, 'SIGTERM');
      } catch {}
      await exited.catch(() => undefined);
    },
  };
}

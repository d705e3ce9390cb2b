// Inside the server under attack: tells its parent how long it was held up, what it weighs and which files it touched. Loaded by target.ts before the server, which knows nothing of it.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const DATABASES = new Set(['hot.db', 'catalog.db']);
const root = `${process.env.DATA_DIR}/`;
const prototype = Object.getOwnPropertyNames(Object.prototype).sort().join();
/** Paths outside the data directory that were read or written since the last look. */
let strayed = new Set();
let unhandled = 0;
let heaviest = 0;
let began = process.cpuUsage();

// monitorEventLoopDelay() overlooks what follows its reset at once, which is when an attack comes.
let turn = now();
let stall = 0;
setInterval(() => noteTurn(), 2).unref();

function now() {
  const { user, system } = process.cpuUsage();
  return { at: performance.now(), worked: (user + system) / 1000 };
}

/** While the machine does other things a turn is long, and this process has not worked. */
function noteTurn() {
  const { at, worked } = now();
  stall = Math.max(stall, Math.min(at - turn.at, worked - turn.worked));
  turn = { at, worked };
}

process.on('unhandledRejection', () => unhandled++);
setInterval(() => weigh(), 20).unref();

function weigh() {
  heaviest = Math.max(heaviest, process.memoryUsage.rss());
  return heaviest;
}

for (const name of ['open', 'readFile', 'writeFile', 'link', 'mkdir', 'readdir', 'rm', 'rmdir', 'unlink', 'access']) {
  const real = fs.promises[name];
  fs.promises[name] = (...given) => {
    const paths = name === 'link' ? given.slice(0, 2) : given.slice(0, 1);
    for (const path of paths.map(String)) {
      const isInside = `${path}/`.startsWith(root) && !path.split('/').includes('..');
      if (!isInside && !DATABASES.has(path)) strayed.add(path);
    }
    return real.apply(fs.promises, given);
  };
}
syncBuiltinESMExports();

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/** Bytes that are in use; what is garbage may stay with the process for as long as the engine likes. */
function held() {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

process.on('message', (asked) => {
  noteTurn();
  const { user, system } = process.cpuUsage(began);
  process.send({
    pid: process.pid,
    stall_ms: stall,
    cpu_ms: (user + system) / 1000,
    rss: process.memoryUsage.rss(),
    heaviest: weigh(),
    ...(asked === 'weigh' && { held: held() }),
    strayed: [...strayed],
    unhandled,
    polluted: Object.getOwnPropertyNames(Object.prototype).sort().join() !== prototype,
  });
  stall = 0;
  strayed = new Set();
  heaviest = process.memoryUsage.rss();
  began = process.cpuUsage();
  turn = now();
});
process.channel?.unref();

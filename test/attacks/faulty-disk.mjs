// Loaded into a real server before its own code (`node --import`): kills the process at a named step of its work, or makes its disk slow. Set by fault-process.test.ts.
//
// CRASH_AT=step CRASH_NTH=n: kill -9 at the n-th time that the process comes there. SLOW_COMMIT_MS: every commit takes so much longer.
import { Buffer } from 'node:buffer';
import fs from 'node:fs/promises';
import { ServerResponse } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';

const { CRASH_AT, CRASH_NTH = '1', SLOW_COMMIT_MS } = process.env;
let left = Number(CRASH_NTH);

/** Dies here, if this is the step and the time. */
function step(name) {
  if (name === CRASH_AT && --left === 0) process.kill(process.pid, 'SIGKILL');
}

const { open, link } = fs;
fs.open = async (path, ...more) => {
  const handle = await open(path, ...more);
  const isFolder = (await handle.stat()).isDirectory();
  const { writeFile, sync } = handle;
  handle.writeFile = async (data, ...options) => {
    if (CRASH_AT === 'an object is half written') {
      if (left === 1) await writeFile.call(handle, Buffer.from(data).subarray(0, data.length >> 1), ...options);
      step('an object is half written');
    }
    await writeFile.call(handle, data, ...options);
    step('an object is written');
  };
  handle.sync = async () => {
    await sync.call(handle);
    step(isFolder ? 'a folder is synced' : 'an object is synced');
  };
  return handle;
};
fs.link = async (...names) => {
  await link(...names);
  step('an object has its name');
};
syncBuiltinESMExports();

const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  if (sql !== 'COMMIT') return exec.call(this, sql);
  const file = basename(this.location() ?? '', '.db');
  if (SLOW_COMMIT_MS) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(SLOW_COMMIT_MS));
  step(`${file} is about to commit`);
  exec.call(this, sql);
  step(`${file} has committed`);
};

const { end } = ServerResponse.prototype;
ServerResponse.prototype.end = function (...args) {
  if (this.statusCode === 202) step('an answer is about to go');
  end.apply(this, args);
  if (this.statusCode === 202) this.once('finish', () => step('an answer has gone'));
  return this;
};

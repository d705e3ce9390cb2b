// Every attack of the catalogue is made by a test or says why not: rows that are run, tests elsewhere that are really there, reasons for the rest.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../fixtures/server.ts';
import { SHOWN_ELSEWHERE } from './catalogue/shown-elsewhere.ts';
import { SKIPPED } from './skipped.ts';

/** P001 to P188. */
const ATTACKS = Array.from({ length: 188 }, (_, i) => `P${String(i + 1).padStart(3, '0')}`);
const HERE = import.meta.dirname;

/** A neighbour of an attack bears its id and a letter. */
const attackOf = (id: string) => id.slice(0, 4);

/** Ids of the rows of a table, by the table's file. */
async function tables(): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const name of readdirSync(join(HERE, 'catalogue'))) {
    if (name === 'shown-elsewhere.ts') continue;
    const module: Record<string, unknown> = await import(join(HERE, 'catalogue', name));
    const rows = Object.values(module).flatMap((table) => (Array.isArray(table) ? table : []));
    found.set(
      name,
      rows.flatMap((row) => (typeof row?.id === 'string' ? [row.id] : [])),
    );
  }
  return found;
}

const tests = readdirSync(HERE).filter((name) => name.endsWith('.test.ts'));

it('every table of the catalogue is run by one test file', async () => {
  for (const name of (await tables()).keys()) {
    const runs = tests.filter((test) => readFileSync(join(HERE, test), 'utf8').includes(`'./catalogue/${name}'`));
    expect([name, runs.length]).toEqual([name, 1]);
  }
});

it('no row has the id of another', async () => {
  const ids = [...(await tables()).values()].flat();
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
});

it('what other tests show they still show', () => {
  const missing = SHOWN_ELSEWHERE.filter(({ file, title }) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    return ![`'${title}`, `"${title}`, `\`${title}`, `${title}'`, `${title}"`, `${title}\``, `} ${title}`].some(
      (quoted) => text.includes(quoted),
    );
  });
  expect(missing).toEqual([]);
});

it('every attack is made, or says why not', async () => {
  const made = new Set(
    [...[...(await tables()).values()].flat(), ...SHOWN_ELSEWHERE.map(({ id }) => id)].map(attackOf),
  );
  expect(ATTACKS.filter((id) => !made.has(id) && !(id in SKIPPED))).toEqual([]);
  expect(ATTACKS.filter((id) => made.has(id) && id in SKIPPED)).toEqual([]);
  expect([...made, ...Object.keys(SKIPPED)].filter((id) => !ATTACKS.includes(id))).toEqual([]);
  for (const reason of Object.values(SKIPPED)) expect(reason.length).toBeGreaterThan(20);
});

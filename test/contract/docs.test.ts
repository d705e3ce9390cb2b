// Runs the examples of docs/format.md and docs/api.md: what they say is what the code does.
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { decodePacked } from '../../src/format/decode-packed.ts';
import { isExportHeader, parseExportHeader } from '../../src/format/export-header.ts';
import { outlinesOf, parseHeaderBoxes } from '../../src/format/header-boxes.ts';
import { encodePacked } from '../../src/format/packed.ts';
import { parseBatch } from '../../src/format/parse-batch.ts';
import { eventParser } from '../../src/format/parse-event.ts';
import { encodeObject, parseObject } from '../../src/format/sealed-object.ts';
import { MIGRATIONS } from '../../src/generated/migrations.ts';
import { SqliteDatabase } from '../../src/node/sqlite.ts';
import { MemoryHotStore, MemoryObjectStore } from '../../src/server/memory.ts';
import { SqlCatalog } from '../../src/server/sql-catalog.ts';
import { AppUnderTest, KEY } from '../fixtures/app-under-test.ts';
import { billOf, type Usage } from '../fixtures/prices.ts';

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const format = read('format.md');

function example(name: string): string {
  const block = new RegExp(`<!-- ${name} -->\n\`\`\`json\n([\\s\\S]*?)\n\`\`\``).exec(format);
  if (!block) throw new Error(`docs/format.md has no example ${name}`);
  return block[1]!;
}

test('every event of the format stands in docs/format.md as it is stored', () => {
  const events = example('events')
    .split('\n')
    .map((line) => JSON.parse(line));
  const parse = eventParser({ imported: true, final: true });
  expect(events.map(parse)).toEqual(events);
  expect(new Set(events.map((event) => event.event_type)).size).toBe(11);
});

test('the batch of docs/format.md is one', () => {
  const batch = parseBatch(JSON.parse(example('batch')));
  expect(batch.events[0]).toMatchObject({ page: 'https://example.com/?utm_source=mail' });
  expect(batch.context).toMatchObject({ timezone: 'Asia/Kolkata' });
});

test('the packed text of docs/format.md is that of its events', () => {
  for (const line of example('packed').split('\n')) {
    const { start, packed, events } = JSON.parse(line);
    expect(encodePacked(events, start)).toBe(packed);
    expect(decodePacked(packed, start)).toEqual(events);
  }
});

test('the object of docs/format.md is written and read as it stands', () => {
  const text = `${example('object')}\n`;
  expect(encodeObject(parseObject(text)).split('\n').slice(1)).toEqual(text.split('\n').slice(1));
  expect(parseObject(text)).toMatchObject({ object: 1, batches: [{ page_id: 'p1', events: [{}, {}] }] });
});

test('the export of docs/format.md has a header that import takes', () => {
  const [header] = example('export')
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(isExportHeader(header)).toBe(true);
  expect(parseExportHeader(header)).toMatchObject({ final: true, session: { viewport: { width: 1440 } } });
});

test('the boxes of docs/format.md are outlines of the pages that they name', () => {
  const header = JSON.parse(example('boxes'));
  const boxes = parseHeaderBoxes(header);
  expect(boxes.refused).toBe(0);
  const outlines = outlinesOf(boxes, parseExportHeader(header).session);
  expect(outlines.map(({ page, boxes }) => [page, boxes?.length])).toEqual([
    ['https://search.example/', 2],
    ['https://search.example/next', 1],
  ]);
});

test('every request of docs/api.md is answered as it says', async () => {
  const database = new SqliteDatabase(':memory:');
  onTestFinished(() => database.close());
  const catalog = new SqlCatalog(database, MIGRATIONS);
  await catalog.prepare();
  const app = new AppUnderTest({ hot: new MemoryHotStore(), objects: new MemoryObjectStore(), catalog });
  const pairs = [...read('api.md').matchAll(/```http\n(\w+) (\S+)\n([\s\S]*?)```\s+```json\n([\s\S]*?)```/g)];
  expect(pairs).toHaveLength(15);
  let id = 'ID';
  const withId = (text: string) => text.replaceAll('"ID"', JSON.stringify(id));
  for (const [, method, path, body, expected] of pairs) {
    const answer =
      path === '/collect'
        ? await app.post(body!.trim())
        : await app.request(path!.replace('ID', id), {
            method: method!,
            headers: { 'x-api-key': KEY },
            ...(body ? { body: withId(body.trim()) } : {}),
          });
    if (id === 'ID') id = answer.body.session_id;
    // Of NDJSON the one line.
    const said = typeof answer.body === 'string' ? JSON.parse(answer.body) : answer.body;
    expect(said).toMatchObject(JSON.parse(withId(expected!)));
  }
});

test('the prices of docs/operations.md are those of its counts', () => {
  const rows = [...read('operations.md').matchAll(/^\| \d+ s[^|]*\|(( [\d.]+ \|){6})$/gm)].map(([, cells]) =>
    cells!.split('|').slice(0, 6).map(Number),
  );
  expect(rows).toHaveLength(3);
  for (const [
    worker_requests,
    object_requests,
    object_rows,
    d1_rows_written,
    r2_class_a,
    dollars,
  ] of rows as number[][]) {
    const usage = { worker_requests, object_requests, object_rows, d1_rows_written, r2_class_a } as Usage;
    expect(billOf({ ...usage, d1_rows_read: 0, r2_class_b: 0 }).total).toBeCloseTo(dollars!, 2);
  }
});

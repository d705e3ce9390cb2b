// Real visits with page layout boxes are imported, served, and played over the outline of their page.
import { expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS } from '../../src/generated/migrations.ts';
import { SqliteDatabase } from '../../src/node/sqlite.ts';
import { frameAt } from '../../src/player/frame.ts';
import { readRecording } from '../../src/player/recording.ts';
import { MemoryHotStore, MemoryObjectStore } from '../../src/server/memory.ts';
import { SqlCatalog } from '../../src/server/sql-catalog.ts';
import { AppUnderTest } from '../fixtures/app-under-test.ts';
import { searchVisits } from '../fixtures/search-results.ts';

const visits = searchVisits();

test.skipIf(!visits)('recorded visits to search results are played over the boxes of their pages', async () => {
  const database = new SqliteDatabase(':memory:');
  onTestFinished(() => database.close());
  const catalog = new SqlCatalog(database, MIGRATIONS);
  await catalog.prepare();
  const app = new AppUnderTest({ hot: new MemoryHotStore(), objects: new MemoryObjectStore(), catalog });
  const refused: string[] = [];
  await app.load(
    visits!.flatMap((visit) => visit.lines),
    refused,
  );
  expect(refused).toEqual([]);

  let clicks = 0;
  let hits = 0;
  for (const { session_id, boxes } of visits!) {
    const { body } = await app.get(`/replay/sessions/${session_id}`);
    const recording = readRecording(body)!;
    expect(recording.skipped).toBe(0);
    for (const share of [0, 0.5, 1]) {
      const { scene, plain } = frameAt(recording, recording.duration * share);
      expect(plain).toBeNull();
      expect(scene).toMatchObject({ outline: true });
      expect(scene!.boxes).toHaveLength(boxes.length);
    }
    for (const at of recording.clicks.at) {
      const { scene, scroll, pulses } = frameAt(recording, at);
      const { x, y } = pulses.at(-1)!;
      const isHit = scene!.boxes.some(
        (box) =>
          x + scroll.x >= box.x &&
          x + scroll.x <= box.x + box.width &&
          y + scroll.y >= box.y &&
          y + scroll.y <= box.y + box.height,
      );
      clicks++;
      if (isHit) hits++;
    }
  }
  expect(hits / clicks).toBeGreaterThan(0.95);
});

// What POST /replay/commands does, step by step, on every set of stores. A new platform runs it with a factory.
import { describe, expect, it } from 'vitest';
import type { Command, Reply } from '../../src/server/command.ts';
import type { Ports } from '../../src/server/ports.ts';
import { type Answer, AppUnderTest, KEY } from '../fixtures/app-under-test.ts';
import { NOW } from '../fixtures/batches.ts';

const PATH = '/replay/commands';
const PAGE = 'https://shop.example/';

export function commandsSuite(name: string, make: () => Promise<Omit<Ports, 'clock'>>): void {
  async function setUp() {
    const t = new AppUnderTest(await make(), { sessionsAtOnce: 2 });
    const ask = async (body: string, headers: Record<string, string> = { 'x-api-key': KEY }): Promise<Answer> =>
      t.request(PATH, { method: 'POST', headers, body });
    /** Replies of a command and of all that it names as the next, and how many steps there were. */
    const run = async (command: Command, lines: string[] = []) => {
      const replies: Reply[] = [];
      let steps = 0;
      for (let next: Command | null = command; next; steps++) {
        const { response, status } = await reply(t, [JSON.stringify(next), ...lines].join('\n'));
        expect([status, response]).toEqual([200, expect.anything()]);
        const all = response
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Reply);
        next = all.flatMap((one) => ('next' in one ? [one.next] : []))[0] ?? null;
        replies.push(...all.filter((one) => !('next' in one)));
      }
      return { replies, steps };
    };
    const list = async () => (await t.get('/replay/sessions')).body;
    return { t, ask, run, list };
  }

  describe(`commands: ${name}`, () => {
    it('imports what follows the command, and names file and line of what it cannot take', async () => {
      const { run } = await setUp();
      const lines = [...session('one', 3), 'nonsense'];
      const { replies } = await run({ name: 'import', file: 'a.ndjson', after_line: 10 }, lines);
      expect(replies).toEqual([
        { complaint: 'a.ndjson:15: line must be JSON' },
        { imported: { sessions: 1, events: 3, known: 0, refused: 1 } },
      ]);
    });

    it('exports what it imported, line by line', async () => {
      const { run } = await setUp();
      await run({ name: 'import', file: '' }, session('one', 3));
      const { replies } = await run({ name: 'export', session_id: 'one' });
      expect(replies).toHaveLength(4);
      expect((await run({ name: 'export', session_id: 'two' })).replies).toEqual([
        { failed: 'There is no such session.' },
      ]);
    });

    it('exports a stretch as if the session had begun and ended there, and imports that as the same text', async () => {
      const { run } = await setUp();
      await run({ name: 'import', file: '' }, session('one', 9));
      const [from, to] = [NOW - 49_997, NOW - 49_995];
      const textOf = async (command: Command) =>
        (await run(command)).replies.map((one) => ('line' in one ? one.line : ''));
      const lines = await textOf({ name: 'export', session_id: 'one', from, to });
      const [header, ...events] = lines.map((line) => JSON.parse(line));
      expect(header).toMatchObject({ started_at: from, ended_at: to, duration: 2, event_count: 4 });
      expect(events.map(({ event_type, x, timestamp }) => [event_type, x, timestamp - from])).toEqual([
        ['mousemove', 2, 0],
        ['click', 3, 0],
        ['click', 4, 1],
        ['click', 5, 2],
      ]);
      const other = lines.map((line) => line.replace('"session_id":"one"', '"session_id":"two"'));
      await run({ name: 'import', file: '' }, other);
      expect(await textOf({ name: 'export', session_id: 'two' })).toEqual(other);
    });

    it('rebuilds the catalog in steps: running, sealed, and erased sessions are as before', async () => {
      const { t, run, list } = await setUp();
      for (const id of ['a', 'b', 'c', 'd', 'e']) await run({ name: 'import', file: '' }, session(id, 2));
      await t.record('sealed');
      await t.seal();
      for (const visit of ['x', 'y', 'z']) await t.record(visit);
      await run({ name: 'erase', session: 'c' });
      const before = await list();
      expect(before.total).toBe(8);
      const { replies, steps } = await run({ name: 'reindex' });
      expect(replies).toEqual([{ line: 'indexed 8 sessions' }]);
      expect(steps).toBeGreaterThan(4);
      expect(await list()).toEqual(before);
      expect((await t.get('/replay/sessions/c')).status).toBe(404);
    });

    it('erases in steps, with one receipt at the end', async () => {
      const { run, list } = await setUp();
      for (const id of ['a', 'b', 'c', 'd', 'e']) await run({ name: 'import', file: '' }, session(id, 2));
      const { replies, steps } = await run({ name: 'erase', visitor: 'visitor' });
      expect(steps).toBeGreaterThan(2);
      expect(replies).toHaveLength(1);
      const receipt = JSON.parse((replies[0] as { line: string }).line);
      expect(receipt.erased).toEqual({ sessions: 5, events: 10, objects: 5, rows: 5 });
      expect((await list()).total).toBe(0);
    });

    it('takes no command without the key, and none that is no command', async () => {
      const { ask } = await setUp();
      expect((await ask('{"name":"reindex"}', {})).status).toBe(401);
      const bad = [
        '',
        'nonsense',
        '[]',
        '{"name":"drop"}',
        '{"name":"export","session_id":"../x"}',
        '{"name":"export","session_id":"x","from":"noon"}',
        '{"name":"export","session_id":"x","from":5,"to":5}',
        '{"name":"erase"}',
      ];
      for (const text of [
        ...bad,
        '{"name":"reindex","from":{"phase":"objects","after":1,"sessions":0,"unreadable":0}}',
      ]) {
        const { status, body } = await ask(text);
        expect([text, status, body.title]).toEqual([text, 400, 'Bad request']);
      }
    });
  });
}

async function reply(t: AppUnderTest, body: string): Promise<{ status: number; response: string }> {
  const request = new Request(`http://silhouette.test${PATH}`, { method: 'POST', headers: { 'x-api-key': KEY }, body });
  const answer = await t.app.fetch(request, { address: '192.0.2.1', country: null });
  return { status: answer.status, response: await answer.text() };
}

/** An exported session. */
function session(id: string, events: number): string[] {
  const header = { kind: 'session', session_id: id, visitor_id: 'visitor', page: PAGE, started_at: NOW - 60_000 };
  const clicks = Array.from({ length: events }, (_, i) => {
    return {
      event_id: `e${i}`,
      event_type: 'click',
      x: i,
      y: i,
      element: 'A',
      page: PAGE,
      timestamp: NOW - 50_000 + i,
    };
  });
  return [header, ...clicks].map((line) => JSON.stringify(line));
}

// Reading a session from a source: what is asked for, and what is made of the answers.
import { expect, test } from 'vitest';
import type { SessionEvent } from '../format/event.ts';
import { readRecording } from '../player/recording.ts';
import { type Asked, load, loadMore, type Source } from './load.ts';

const START = 1_700_000_000_000;
const { signal } = new AbortController();

const moves = (...times: number[]): SessionEvent[] =>
  times.map((ms) => ({
    event_id: `tab.0.${ms}`,
    event_type: 'mousemove',
    x: ms % 100,
    y: 5,
    page: 'https://shop.example/',
    timestamp: START + ms,
  }));

const bodyOf = (events: SessionEvent[], part?: unknown) => ({
  session: { session_id: 'one', started_at: START, duration: events.at(-1)!.timestamp - START, status: 'live' },
  events,
  event_count: events.length,
  gaps: [],
  part,
});

/** A server that has these events; what it was asked stands in `asked`. */
function serverOf(events: SessionEvent[]): { asked: Asked[]; events: SessionEvent[]; source: Source } {
  const server = {
    asked: [] as Asked[],
    events,
    source: async (asked: Asked) => {
      server.asked.push(asked);
      const from = 'from' in asked ? START + asked.from : 0;
      const sent = server.events.filter(({ timestamp }) => timestamp >= from);
      return Response.json({ ...bodyOf(server.events), events: sent });
    },
  };
  return server;
}

test('of a running session only the last minute is asked for again, and the recording is that of the whole', async () => {
  const server = serverOf(moves(0, 1000, 100_000, 130_000));
  const before = await load(server.source, { at: 0 }, signal);
  // One from another tab comes later than its time.
  server.events = moves(0, 1000, 100_000, 120_000, 130_000, 200_000);
  const after = await loadMore(server.source, before, signal);
  expect(server.asked).toEqual([{ at: 0 }, { from: 70_000 }]);
  expect(after.recording).toEqual(readRecording(bodyOf(server.events)));
});

test('what came later than a minute is noticed by the number of events, and all is asked for', async () => {
  const server = serverOf(moves(0, 100_000, 130_000));
  const before = await load(server.source, { at: 0 }, signal);
  server.events = moves(0, 5000, 100_000, 130_000, 140_000);
  const after = await loadMore(server.source, before, signal);
  expect(server.asked).toEqual([{ at: 0 }, { from: 70_000 }, {}]);
  expect(after.recording).toEqual(readRecording(bodyOf(server.events)));
});

test('an answer that breaks off spoils nothing: the next one is whole', async () => {
  const server = serverOf(moves(0, 100_000, 130_000));
  const before = await load(server.source, { at: 0 }, signal);
  server.events = moves(0, 100_000, 130_000, 140_000);
  const torn: Source = async () => new Response(`${JSON.stringify(bodyOf(server.events)).slice(0, 300)}`);
  await expect(loadMore(torn, before, signal)).rejects.toThrow('broke off');
  const after = await loadMore(server.source, before, signal);
  expect(after.recording).toEqual(readRecording(bodyOf(server.events)));
});

test('a part that does not show what was asked for is taken as all there is', async () => {
  const send = (part: unknown) => async () => Response.json(bodyOf(moves(0, 100_000), part));
  const ask = async (part: unknown, asked: Asked) => (await load(send(part), asked, signal)).recording.part;
  expect(await ask({ from: 0, to: 50_000 }, { at: 20_000 })).toEqual({ from: 0, to: 50_000 });
  expect(await ask({ from: 50_000, to: 900_000 }, { at: 900_000 })).toEqual({ from: 50_000, to: 100_000 });
  expect(await ask({ from: 0, to: 50_000 }, { at: 60_000 })).toBeNull();
  expect(await ask({ from: 0, to: 50_000 }, {})).toBeNull();
  expect(await ask({ from: 'a', to: null }, { at: 0 })).toBeNull();
});

// Playing, pausing, seeking and skipping, on a clock that the test moves.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createPlayhead,
  extend,
  follow,
  pause,
  play,
  positionAt,
  SPEEDS,
  seek,
  setSpeed,
  settle,
  wait,
} from './playhead.ts';

test('a new playhead is paused where it was put', () => {
  const playhead = createPlayhead(10_000, 2500);
  expect(playhead.state).toBe('paused');
  expect(positionAt(playhead, 99_999)).toBe(2500);
});

test('it plays at its speed, and a change of speed moves nothing', () => {
  let playhead = play(createPlayhead(60_000), 1000);
  expect(positionAt(playhead, 3000)).toBe(2000);
  playhead = setSpeed(playhead, 8, 3000);
  expect(positionAt(playhead, 3000)).toBe(2000);
  expect(positionAt(playhead, 4000)).toBe(10_000);
  playhead = pause(playhead, 4000);
  expect(positionAt(playhead, 9000)).toBe(10_000);
});

test('a seek while playing plays on from there, a seek while paused stays paused', () => {
  const playing = seek(play(createPlayhead(60_000), 0), 30_000, 500);
  expect(positionAt(playing, 1500)).toBe(31_000);
  expect(seek(createPlayhead(60_000), 30_000, 500).state).toBe('paused');
});

test('it ends at the end, and plays again from the beginning', () => {
  const playing = play(createPlayhead(1000), 0);
  expect(settle(playing, 999, false)).toBe(playing);
  const ended = settle(playing, 1000, false);
  expect(ended.state).toBe('ended');
  expect(positionAt(ended, 5000)).toBe(1000);
  expect(positionAt(play(ended, 6000), 6000)).toBe(0);
  expect(seek(ended, 400, 7000)).toMatchObject({ state: 'paused', anchor: 400 });
});

test('at the end of a live session it waits, and goes on from there when more comes', () => {
  const waiting = settle(play(createPlayhead(1000), 0), 1000, true);
  expect(waiting.state).toBe('waiting');
  expect(extend(waiting, 1000, true, 3000).state).toBe('waiting');
  const going = extend(waiting, 5000, true, 4000);
  expect(going.state).toBe('playing');
  expect(positionAt(going, 4500)).toBe(1500);
  expect(extend(waiting, 1000, false, 4000).state).toBe('ended');
});

test('who follows a running session waits at its end and goes on at the speed of life', () => {
  const following = follow(setSpeed(createPlayhead(1000, 400), 8, 0), 50);
  expect(positionAt(following, 60)).toBe(1000);
  expect(following.state).toBe('waiting');
  expect(positionAt(extend(following, 9000, true, 100), 600)).toBe(1500);
});

test('where nothing was read yet it waits, and goes on from there', () => {
  const waiting = wait(play(createPlayhead(9000, 400), 0), 100);
  expect(waiting).toMatchObject({ state: 'waiting', anchor: 500 });
  expect(positionAt(extend(waiting, 9000, false, 3000), 3100)).toBe(600);
  expect(wait(createPlayhead(9000, 400), 100).state).toBe('paused');
});

test('a recording that grows moves neither a paused nor a playing playhead', () => {
  const paused = extend(createPlayhead(1000, 400), 9000, true, 50);
  expect(paused).toMatchObject({ state: 'paused', anchor: 400, duration: 9000 });
  const playing = extend(play(createPlayhead(1000), 0), 9000, true, 300);
  expect(positionAt(playing, 300)).toBe(300);
  expect(positionAt(playing, 1300)).toBe(1300);
});

test('whatever is done to it, it stays within the recording', () => {
  const step = fc.tuple(
    fc.constantFrom('play', 'pause', 'seek', 'speed', 'settle', 'wait', 'follow', 'extend'),
    fc.double(),
    fc.nat({ max: 5000 }),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      let now = 0;
      let playhead = createPlayhead(10_000);
      for (const [what, value, later] of steps) {
        now += later;
        if (what === 'play') playhead = play(playhead, now);
        else if (what === 'pause') playhead = pause(playhead, now);
        else if (what === 'seek') playhead = seek(playhead, value, now);
        else if (what === 'speed') playhead = setSpeed(playhead, SPEEDS[later % 4]!, now);
        else if (what === 'settle') playhead = settle(playhead, now, later % 2 === 0);
        else if (what === 'wait') playhead = wait(playhead, now);
        else if (what === 'follow') playhead = follow(playhead, now);
        else playhead = extend(playhead, playhead.duration + later, later % 2 === 0, now);
        const position = positionAt(playhead, now);
        expect(position).toBeGreaterThanOrEqual(0);
        expect(position).toBeLessThanOrEqual(playhead.duration);
      }
    }),
  );
});

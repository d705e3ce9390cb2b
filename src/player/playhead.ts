// The clock of playback: where the playhead is at a given time, as a value; pure, for whoever has a clock.

/**
 * `waiting`: played up to the end of a session that is still running, or of what was read of it, and goes on when more of it arrives.
 * `ended`: played to the end. `paused`: by the user, or not started yet.
 */
export type PlayheadState = 'paused' | 'playing' | 'waiting' | 'ended';

export const SPEEDS = [1, 2, 4, 8] as const;
export type Speed = (typeof SPEEDS)[number];

/** Positions in ms from the recording's start, within [0, duration]; times in ms of any one clock that does not go back. */
export interface Playhead {
  readonly state: PlayheadState;
  /** Where it was at `anchorTime`. */
  readonly anchor: number;
  readonly anchorTime: number;
  readonly speed: Speed;
  readonly duration: number;
}

export function createPlayhead(duration: number, position = 0, speed: Speed = 1): Playhead {
  return { state: 'paused', anchor: clamp(position, duration), anchorTime: 0, speed, duration };
}

export function positionAt(playhead: Playhead, now: number): number {
  if (playhead.state !== 'playing') return playhead.anchor;
  const elapsed = Math.max(0, now - playhead.anchorTime);
  return clamp(playhead.anchor + elapsed * playhead.speed, playhead.duration);
}

/** From the end it starts again. */
export function play(playhead: Playhead, now: number): Playhead {
  if (playhead.state === 'playing') return playhead;
  const anchor = playhead.anchor >= playhead.duration ? 0 : playhead.anchor;
  return { ...playhead, state: 'playing', anchor, anchorTime: now };
}

export function pause(playhead: Playhead, now: number): Playhead {
  return { ...anchored(playhead, now), state: 'paused' };
}

/** Goes on playing if it was; out of the end it comes paused. */
export function seek(playhead: Playhead, position: number, now: number): Playhead {
  const playing = playhead.state === 'playing' || playhead.state === 'waiting';
  return {
    ...playhead,
    state: playing ? 'playing' : 'paused',
    anchor: clamp(position, playhead.duration),
    anchorTime: now,
  };
}

export function setSpeed(playhead: Playhead, speed: Speed, now: number): Playhead {
  return { ...anchored(playhead, now), speed };
}

/** To be called as time goes by: at the end a playing playhead ends, or waits where the session is live. */
export function settle(playhead: Playhead, now: number, live: boolean): Playhead {
  if (playhead.state !== 'playing' || positionAt(playhead, now) < playhead.duration) return playhead;
  return { ...anchored(playhead, now), state: live ? 'waiting' : 'ended' };
}

/** Where a playing playhead is, nothing was read yet. */
export function wait(playhead: Playhead, now: number): Playhead {
  return playhead.state === 'playing' ? { ...anchored(playhead, now), state: 'waiting' } : playhead;
}

/** At the end of a session that is still running, to go on as more of it arrives. */
export function follow(playhead: Playhead, now: number): Playhead {
  return { ...playhead, state: 'waiting', anchor: playhead.duration, anchorTime: now, speed: 1 };
}

/** The recording has grown (or is found to have ended) while being watched: nothing jumps. */
export function extend(playhead: Playhead, duration: number, live: boolean, now: number): Playhead {
  const stretched = { ...anchored(playhead, now), duration };
  if (playhead.state !== 'waiting') return { ...stretched, anchor: clamp(stretched.anchor, duration) };
  if (duration > stretched.anchor) return { ...stretched, state: 'playing' };
  return live ? stretched : { ...stretched, state: 'ended' };
}

function anchored(playhead: Playhead, now: number): Playhead {
  return { ...playhead, anchor: positionAt(playhead, now), anchorTime: now };
}

function clamp(position: number, duration: number): number {
  return Math.min(Math.max(0, position || 0), duration);
}

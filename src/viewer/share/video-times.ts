// Which moments of a recording become frames of a video. video.ts draws them; the share dialog says how long it will be.
import type { Recording } from '../../player/recording.ts';
import { type Stretch, skipIdle } from '../../player/stretches.ts';

export interface Pace {
  /** ms of the recording. */
  range: Stretch;
  speed: number;
  skipsIdle: boolean;
}

export const FRAMES_PER_SECOND = 30;
/** Of video: what comes of it is held in memory. */
export const FRAMES_MAX = 3600 * FRAMES_PER_SECOND;

/** ms of video; null: more than is made. */
export function lengthOf(recording: Pick<Recording, 'idle' | 'duration'>, pace: Pace): number | null {
  const frames = timesOf(recording, pace).length;
  return frames > FRAMES_MAX ? null : (frames / FRAMES_PER_SECOND) * 1000;
}

/** Where in the recording each frame is, ms; at least one, and one more than is made where there are too many. */
export function timesOf(
  { idle, duration }: Pick<Recording, 'idle' | 'duration'>,
  { range, speed, skipsIdle }: Pace,
): number[] {
  const step = (1000 / FRAMES_PER_SECOND) * speed;
  const times: number[] = [];
  let skipped = 0;
  for (let number = 0; times.length <= FRAMES_MAX; number++) {
    let time = range.from + number * step + skipped;
    if (skipsIdle) {
      const target = skipIdle(idle, time, duration);
      skipped += Math.max(0, target - time);
      time = Math.max(time, target);
    }
    // Sums of thirds are not exact.
    if (time > range.to - 0.01 && times.length > 0) break;
    times.push(Math.min(time, range.to));
  }
  return times;
}

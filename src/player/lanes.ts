// What a timeline shows, sorted into lanes: the times of each, and what stands behind them. The timeline calls it once for a recording.
import type { Finding } from '../format/signal.ts';
import type { Recording } from './recording.ts';
import type { Moment } from './stretches.ts';

export type LaneName = 'signals' | 'clicks' | 'scrolls' | 'others';

export interface Lanes {
  /** Times of each lane, ascending. */
  readonly at: Readonly<Record<LaneName, ArrayLike<number>>>;
  /** Behind the times of `signals`: ms from the start. */
  readonly signals: readonly { readonly from: number; readonly to: number; readonly finding: Finding }[];
  /** Behind those of `others`: errors and what the site itself reported. */
  readonly others: readonly Moment[];
}

export function lanesOf(recording: Recording): Lanes {
  const { session, duration } = recording;
  const held = (time: number) => Math.min(Math.max(0, time - session.started_at), duration);
  const signals = session.findings
    .map((finding) => ({ from: held(finding.from), to: held(finding.to), finding }))
    .sort((a, b) => a.from - b.from);
  const others = recording.moments.filter(({ kind }) => kind === 'error' || kind === 'custom');
  return {
    at: {
      signals: signals.map(({ from }) => from),
      clicks: recording.clicks.at,
      scrolls: recording.scrolled,
      others: others.map(({ at }) => at),
    },
    signals,
    others,
  };
}

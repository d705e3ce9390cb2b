// The setting SIGNALS, such as `rage_click.clicks=5 hesitation=off` → Thresholds, and those in force. Called by settings.ts; the second by whoever tells or applies them.
import { THRESHOLDS, type Thresholds } from '../analysis/signals/thresholds.ts';
import { SIGNALS } from '../format/signal.ts';
import type { Ports } from './ports.ts';
import { StartError } from './start-error.ts';

/** Of any threshold: a day, where it is a time. */
const MAX = 86_400_000;

/** Plain data: what counts as a signal here. */
export function thresholdsOf({ thresholds }: Pick<Ports, 'thresholds'>): Thresholds {
  return thresholds ?? THRESHOLDS;
}

/** Words apart by spaces or commas; what none of them names has its default. Throws StartError. */
export function readThresholds(setting: string | undefined): Thresholds {
  const thresholds: Record<string, Record<string, number> | null> = structuredClone(THRESHOLDS);
  for (const word of (setting ?? '').split(/[\s,]+/).filter(Boolean)) {
    const [, signal, name, value] = /^(\w+)(?:\.(\w+))?=([\w.-]+)$/.exec(word) ?? [];
    if (signal === undefined || value === undefined) {
      throw new StartError(
        'SIGNALS must be words such as rage_click.clicks=5 or hesitation=off, with spaces between them.',
      );
    }
    const defaults: Record<string, number> | undefined = Object.hasOwn(THRESHOLDS, signal)
      ? THRESHOLDS[signal as keyof typeof THRESHOLDS]
      : undefined;
    if (!defaults) throw new StartError(`SIGNALS names a signal that there is not: it can name ${SIGNALS.join(', ')}.`);
    if (name === undefined) {
      if (value !== 'on' && value !== 'off') throw new StartError(`SIGNALS: ${signal} must be on or off.`);
      thresholds[signal] = value === 'on' ? (thresholds[signal] ?? { ...defaults }) : null;
      continue;
    }
    if (!Object.hasOwn(defaults, name)) {
      const names = Object.keys(defaults).map((known) => `${signal}.${known}`);
      throw new StartError(
        `SIGNALS names a threshold that there is not: of ${signal} it can name ${names.join(', ')}.`,
      );
    }
    const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    if (!(number > 0 && number <= MAX)) {
      throw new StartError(`SIGNALS: ${signal}.${name} must be a number above 0, at most ${MAX}.`);
    }
    const own = thresholds[signal];
    if (own) own[name] = number;
  }
  return thresholds as unknown as Thresholds;
}

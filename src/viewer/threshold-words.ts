// When something counts as a signal, in a sentence with the figures that the server goes by. The panel's About says it.
import type { Signal } from '../format/signal.ts';
import { lengthText } from './transcript-words.ts';

type Figures = Readonly<Record<string, number>>;

const SAY: Record<Signal, { needs: readonly string[]; text: (figures: Figures) => string }> = {
  rage_click: {
    needs: ['clicks', 'ms', 'px'],
    text: (n) =>
      `${n.clicks} or more clicks within ${n.px} px, none later than ${lengthText(n.ms!)} after the one before`,
  },
  dead_click: {
    needs: ['clicks', 'ms'],
    text: (n) =>
      `one click on a control after which nothing happened, or ${n.clicks} within ${lengthText(n.ms!)} on what does not look like one`,
  },
  error_click: { needs: ['ms'], text: (n) => `an error within ${lengthText(n.ms!)} after a click` },
  quick_back: {
    needs: ['min_ms', 'ms'],
    text: (n) => `back on the page before after ${lengthText(n.min_ms!)} to ${lengthText(n.ms!)} elsewhere`,
  },
  thrashed_cursor: {
    needs: ['turns', 'ms', 'px'],
    text: (n) =>
      `${n.turns} or more sharp turns of the mouse, none later than ${lengthText(n.ms!)} after the one before, with ${n.px} px or more between them`,
  },
  excessive_scroll: {
    needs: ['turns', 'ms', 'screens'],
    text: (n) =>
      `${n.turns} or more turns up and down within ${lengthText(n.ms!)}, with ${n.screens} or more screens between them`,
  },
  hesitation: {
    needs: ['ms', 'max_ms'],
    text: (n) => `the mouse on an element for ${lengthText(n.ms!)} to ${lengthText(n.max_ms!)} before it was clicked`,
  },
  abandoned_form: {
    needs: ['fields'],
    text: (n) => `${n.fields} or more fields gone into, and the page left without sending`,
  },
};

/** `served`: as GET /replay/facets tells them. Empty where it tells nothing of this signal. */
export function thresholdText(signal: Signal, served: unknown): string {
  const figures = ((served ?? {}) as Record<string, unknown>)[signal];
  if (typeof figures !== 'object' || figures === null) return '';
  const { needs, text } = SAY[signal];
  const isWhole = needs.every((name) => Number.isFinite((figures as Figures)[name]));
  return isWhole ? text(figures as Figures) : '';
}

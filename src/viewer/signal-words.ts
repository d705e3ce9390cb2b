// Signals as a user reads them. Chips, filters and the parts of a score say them.
import type { Signal } from '../format/signal.ts';

export const SIGNAL_WORDS: Record<Signal, { one: string; many: string }> = {
  rage_click: { one: 'Rage click', many: 'Rage clicks' },
  dead_click: { one: 'Dead click', many: 'Dead clicks' },
  error_click: { one: 'Error click', many: 'Error clicks' },
  quick_back: { one: 'Quick back', many: 'Quick backs' },
  thrashed_cursor: { one: 'Thrashed cursor', many: 'Thrashed cursors' },
  excessive_scroll: { one: 'Excessive scrolling', many: 'Excessive scrolling' },
  hesitation: { one: 'Hesitation', many: 'Hesitations' },
  abandoned_form: { one: 'Abandoned form', many: 'Abandoned forms' },
};

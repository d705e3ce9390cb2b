// The colours and fonts of the style sheet, as a canvas needs them; one place reads them, whenever the theme changes.
import { computed, signal } from '@preact/signals';
import { mediaOf } from '../media.ts';
import { isDark } from '../preferences.ts';

const COLOURS = [
  'stage',
  'paper',
  'paper-dot',
  'paper-line',
  'paper-ink',
  'element-line',
  'element-fill',
  'click',
  'scroll',
  'view',
  'trail',
  'cursor',
  'cursor-line',
  'label',
  'label-ink',
  'surface',
  'line',
  'ink-soft',
  'ink-faint',
  'activity',
  'hatch',
  'gap',
  'hidden',
  'error',
  'danger',
  'accent',
  'high',
] as const;

export type Colour = (typeof COLOURS)[number];

export interface Look {
  colour: Record<Colour, string>;
  sans: string;
  mono: string;
  /** CSS px of 1rem. */
  rem: number;
}

/** The style sheet makes all larger on very large windows; a signal tells whoever reads it only where the number changed. */
const rem = signal(remInPixels());
addEventListener('resize', () => {
  rem.value = remInPixels();
});

function remInPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

export const look = computed<Look>(() => {
  // The values of custom properties depend on it; reading it subscribes.
  void isDark.value;
  const probe = document.body.appendChild(document.createElement('span'));
  // Where the user's own colours rule, a picture keeps its colours: all of it would be one.
  probe.style.setProperty('forced-color-adjust', 'none');
  const colour = {} as Record<Colour, string>;
  for (const name of COLOURS) {
    probe.style.color = `var(--${name})`;
    colour[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  const root = getComputedStyle(document.documentElement);
  return {
    colour,
    sans: root.getPropertyValue('--sans'),
    mono: root.getPropertyValue('--mono'),
    rem: rem.value,
  };
});

/** The user wants nothing to move that need not. */
export const isStill = mediaOf('(prefers-reduced-motion: reduce)');

// What a user chose once and wants to find again: theme, skipping, trail, keys. Kept in localStorage; nothing about sessions is.
import { computed, effect, signal } from '@preact/signals';
import { store, stored } from './browser-storage.ts';

export type Theme = 'system' | 'light' | 'dark';

export const theme = signal<Theme>(remembered('theme', ['system', 'light', 'dark'], 'system'));
/** Playing jumps over stretches without activity. Off until the user wants it: a visitor who reads or watches a film did not jump. */
export const skipIdle = signal(remembered('skip-idle', ['on', 'off'], 'off') === 'on');
export const showTrail = signal(remembered('trail', ['on', 'off'], 'on') === 'on');
/** Keys that are a single character do something. */
export const oneKeys = signal(remembered('one-keys', ['on', 'off'], 'on') === 'on');
export type PanelTab = 'events' | 'transcript' | 'about';
export const panelTab = signal<PanelTab>(remembered('panel', ['events', 'transcript', 'about'], 'events'));
/** Where there is always room for the panel it is open too. */
const opensPanel = signal(remembered('panel-open', ['on', 'off'], 'off') === 'on');
const isWide = signal(false);
export const isPanelOpen = computed(() => isWide.value || opensPanel.value);

export function openPanel(open: boolean): void {
  opensPanel.value = open;
}
/** rem; null: as wide as the style sheet has it. */
export const panelWidth = signal<number | null>(Number(stored('panel-width')) || null);
/** A screen reader says each line of the transcript as it is reached. */
export const announces = signal(remembered('announce', ['on', 'off'], 'off') === 'on');
/** At the end of a session the next one of the list begins. */
export const playsNext = signal(remembered('plays-next', ['on', 'off'], 'off') === 'on');

/** Starts remembering; the theme is also set on the document. */
export function keepPreferences(): void {
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    store('theme', theme.value);
  });
  effect(() => store('skip-idle', skipIdle.value ? 'on' : 'off'));
  effect(() => store('trail', showTrail.value ? 'on' : 'off'));
  effect(() => store('one-keys', oneKeys.value ? 'on' : 'off'));
  effect(() => store('panel', panelTab.value));
  effect(() => store('panel-open', opensPanel.value ? 'on' : 'off'));
  effect(() => {
    const width = panelWidth.value;
    if (width === null) document.documentElement.style.removeProperty('--panel-width');
    else document.documentElement.style.setProperty('--panel-width', `${width}rem`);
    store('panel-width', String(width ?? ''));
  });
  effect(() => store('announce', announces.value ? 'on' : 'off'));
  effect(() => store('plays-next', playsNext.value ? 'on' : 'off'));
}

/** The style sheet's `.panel-toggle` knows the same width. */
const wide = matchMedia('(min-width: 1360px)');
isWide.value = wide.matches;
wide.addEventListener('change', ({ matches }) => {
  isWide.value = matches;
});

export const isDark = signal(matchMedia('(prefers-color-scheme: dark)').matches);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', (change) => {
  isDark.value = change.matches;
});

/** From what is seen now to the other one. */
export function toggleTheme(): void {
  const dark = theme.value === 'dark' || (theme.value === 'system' && isDark.value);
  theme.value = dark ? 'light' : 'dark';
}

function remembered<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
  const value = stored(name);
  return allowed.find((choice) => choice === value) ?? fallback;
}

// What a user chose once and wants to find again: theme, skipping, trail, keys. Kept in localStorage; nothing about sessions is.
import { computed, effect, type Signal, signal } from '@preact/signals';
import { store, stored } from './browser-storage.ts';
import { mediaOf } from './media.ts';

/** What is kept of each once `keepPreferences` was called. */
const kept: (() => void)[] = [];

/** One of several, the first where nothing was chosen yet. */
function choiceOf<T extends string>(name: string, choices: readonly [T, ...T[]]): Signal<T> {
  const value = stored(name);
  const chosen = signal(choices.find((choice) => choice === value) ?? choices[0]);
  kept.push(() => store(name, chosen.value));
  return chosen;
}

function switchOf(name: string, isOn = false): Signal<boolean> {
  const value = stored(name);
  const chosen = signal(value === 'on' || (value !== 'off' && isOn));
  kept.push(() => store(name, chosen.value ? 'on' : 'off'));
  return chosen;
}

const theme = choiceOf('theme', ['system', 'light', 'dark']);
const isSystemDark = mediaOf('(prefers-color-scheme: dark)');
export const isDark = computed(() => theme.value === 'dark' || (theme.value === 'system' && isSystemDark.value));

/** From what is seen now to the other one. */
export function toggleTheme(): void {
  theme.value = isDark.value ? 'light' : 'dark';
}

/** Playing jumps over stretches without activity. Off until the user wants it: a visitor who reads or watches a film did not jump. */
export const skipIdle = switchOf('skip-idle');
export const showTrail = switchOf('trail', true);
/** Keys that are a single character do something. */
export const oneKeys = switchOf('one-keys', true);
/** A screen reader says each line of the transcript as it is reached. */
export const announces = switchOf('announce');
/** At the end of a session the next one of the list begins. */
export const playsNext = switchOf('plays-next');

export type PanelTab = 'events' | 'transcript' | 'about';
export const panelTab = choiceOf<PanelTab>('panel', ['events', 'transcript', 'about']);
/** Where there is always room for the panel it is open too; the style sheet's `.panel-toggle` knows the same width. */
const opensPanel = switchOf('panel-open');
const isWide = mediaOf('(min-width: 1360px)');
export const isPanelOpen = computed(() => isWide.value || opensPanel.value);

export function openPanel(open: boolean): void {
  opensPanel.value = open;
}

/** rem; null: as wide as the style sheet has it. */
export const panelWidth = signal<number | null>(Number(stored('panel-width')) || null);

/** Starts remembering; theme and width are also set on the document. */
export function keepPreferences(): void {
  const root = document.documentElement;
  effect(() => {
    root.dataset.theme = theme.value;
  });
  effect(() => {
    const width = panelWidth.value;
    if (width === null) root.style.removeProperty('--panel-width');
    else root.style.setProperty('--panel-width', `${width}rem`);
    store('panel-width', String(width ?? ''));
  });
  for (const keep of kept) effect(keep);
}

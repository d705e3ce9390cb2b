// Whether a media query holds, as a signal. Preferences and drawing ask it.
import { type Signal, signal } from '@preact/signals';

export function mediaOf(query: string): Signal<boolean> {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener('change', () => {
    matches.value = list.matches;
  });
  return matches;
}

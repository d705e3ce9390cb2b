// One sentence about what a key or button just did, for those who see the stage and for screen readers; `ui/notices.tsx` shows it for a moment.
import { signal } from '@preact/signals';

/** A new object each time, so that the same sentence is told again. */
export const told = signal<{ readonly text: string } | null>(null);

export function tell(text: string): void {
  told.value = { text };
}

// The present minute, for times told as `4 min ago`.
import { signal } from '@preact/signals';

/** Epoch ms, renewed every half minute. */
export const now = signal(Date.now());

setInterval(() => {
  now.value = Date.now();
}, 30_000);

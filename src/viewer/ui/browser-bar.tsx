// The top of the visitor's browser: the address of the page that is seen, and how large its window is.
import { computed } from '@preact/signals';
import type { JSX } from 'preact';
import { frame } from '../playback.ts';
import { addressText } from '../words.ts';
import { Zoom } from './zoom.tsx';

const page = computed(() => (frame.value ? addressText(frame.value.page) : ''));

export function BrowserBar(): JSX.Element {
  return (
    <div class="bar">
      <span class="bar-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <output class="bar-address" aria-label="Current page" title={page.value}>
        <bdi>{page}</bdi>
      </output>
      <Zoom />
    </div>
  );
}

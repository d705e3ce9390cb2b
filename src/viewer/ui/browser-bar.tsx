// The top of the visitor's browser: the address of the page that is seen, and how large its window is.
import { computed } from '@preact/signals';
import type { JSX } from 'preact';
import { fitViewport } from '../draw/fit.ts';
import { frame } from '../playback.ts';
import { addressText } from '../words.ts';
import { stageSize } from './stage.tsx';

const page = computed(() => (frame.value ? addressText(frame.value.page) : ''));
const size = computed(() => {
  const viewport = frame.value?.viewport;
  if (!viewport) return '';
  const percent = Math.round(fitViewport(viewport, stageSize.value).scale * 100);
  return `${Math.round(viewport.width)} × ${Math.round(viewport.height)} · ${percent} %`;
});

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
      <span class="bar-size" title="The visitor’s viewport, and the scale at which it is shown">
        {size}
      </span>
    </div>
  );
}

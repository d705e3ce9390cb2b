// The top of the visitor's browser: the address of the page that is seen, and how large its window is.
import { computed } from '@preact/signals';
import type { JSX } from 'preact';
import { fit } from '../draw/fit.ts';
import { frame, recording } from '../playback.ts';
import { addressText } from '../words.ts';
import { stageSize } from './stage.tsx';

const page = computed(() => (frame.value ? addressText(frame.value.page) : ''));
const tab = computed(() => (frame.value ? frame.value.tab + 1 : 1));
const size = computed(() => {
  const viewport = frame.value?.viewport;
  if (!viewport) return '';
  const percent = Math.round(fit(viewport, stageSize.value).scale * 100);
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
      {recording.value && <span class="bar-note" title="Bare events tell where, not what: the page is drawn as plain paper.">Plain page</span>}
      {tab.value > 1 && <span class="bar-note">Load {tab}</span>}
      <span class="bar-size" title="The visitor’s viewport, and the scale at which it is shown">
        {size}
      </span>
    </div>
  );
}

// The panel beside the stage: events, transcript, and all that is known of the session. Where there is no room beside it, it lies below and is opened when wanted.
import type { JSX } from 'preact';
import { isPanelOpen, openPanel, type PanelTab, panelTab } from '../preferences.ts';
import { About } from './about.tsx';
import { Events } from './events.tsx';
import { Icon } from './icons.tsx';
import { isPlain } from './own-keys.ts';
import { PanelEdge } from './panel-edge.tsx';
import { Announcer, Transcript } from './transcript.tsx';

const TABS: Record<PanelTab, { name: string; show: () => JSX.Element }> = {
  events: { name: 'Events', show: Events },
  transcript: { name: 'Transcript', show: Transcript },
  about: { name: 'About', show: About },
};
const NAMES = Object.keys(TABS) as PanelTab[];

export function Panel(): JSX.Element {
  const chosen = panelTab.value;
  const Shown = TABS[chosen].show;
  return (
    <aside class="panel" aria-label="What happened" data-open={isPanelOpen.value || undefined}>
      <PanelEdge />
      <div class="panel-head">
        <div class="panel-tabs" role="tablist" aria-label="What happened">
          {NAMES.map((tab) => (
            <button
              class="panel-name"
              type="button"
              role="tab"
              id={`tab-${tab}`}
              key={tab}
              aria-selected={tab === chosen}
              aria-controls="panel"
              tabIndex={tab === chosen ? 0 : -1}
              onClick={() => choose(tab)}
              onKeyDown={press}
            >
              {TABS[tab].name}
            </button>
          ))}
        </div>
        <button
          class="button panel-toggle"
          data-kind="icon"
          type="button"
          aria-expanded={isPanelOpen.value}
          aria-controls="panel"
          title={isPanelOpen.value ? 'Close the panel' : 'Open the panel'}
          onClick={() => {
            show(!isPanelOpen.value);
          }}
        >
          <Icon name="chevron" />
          <span class="unseen">Events and transcript</span>
        </button>
      </div>
      <div class="panel-body" role="tabpanel" id="panel" aria-labelledby={`tab-${chosen}`}>
        {isPanelOpen.value && <Shown />}
      </div>
      <Announcer />
    </aside>
  );
}

function choose(tab: PanelTab): void {
  panelTab.value = tab;
  show(true);
}

function show(open: boolean): void {
  openPanel(open);
  // Where it lies below what is seen.
  if (open) requestAnimationFrame(() => document.getElementById('panel')?.scrollIntoView({ block: 'nearest' }));
}

/** As in every list of tabs: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ */
function press(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  if (!isPlain(event)) return;
  const isMirrored = getComputedStyle(event.currentTarget).direction === 'rtl';
  const now = NAMES.indexOf(panelTab.value);
  const steps: Record<string, number> = {
    ArrowRight: isMirrored ? now - 1 : now + 1,
    ArrowLeft: isMirrored ? now + 1 : now - 1,
    Home: 0,
    End: NAMES.length - 1,
  };
  const wanted = steps[event.key];
  const tab = wanted === undefined ? undefined : NAMES[(wanted + NAMES.length) % NAMES.length];
  if (!tab) return;
  event.preventDefault();
  choose(tab);
  document.getElementById(`tab-${tab}`)?.focus();
}

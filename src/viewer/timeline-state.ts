// What the timeline is made of, each part made anew only where what it depends on changed. `ui/timeline.tsx` and its parts read it.
import { computed, signal } from '@preact/signals';
import { chooseTabs, joinTabs, lanesOf } from '../player/lanes.ts';
import { tabWith } from '../player/only-tab.ts';
import { look } from './draw/look.ts';
import type { Size } from './draw/surface.ts';
import { type Drawing, rowsOf } from './draw/timeline-rows.ts';
import { recording, stayOn } from './playback.ts';
import { shown } from './timeline-window.ts';

/** CSS px of the lanes; before they are measured nothing is known but the window. */
export const lanesSize = signal<Size>({ width: innerWidth, height: 1 });

/** rem: a narrower timeline, and one in a window lower than that, is a compact one. */
const COMPACT = 34;
const SHORT = 30;
/** Lanes of tabs at most; in a window lower than TALL rem or on a phone; in a SHORT one. */
const LANES_MAX = 6;
const LANES_FEW = 3;
const LANES_SHORT = 2;
const TALL = 56;

const windowHeight = signal(innerHeight);
addEventListener('resize', () => {
  windowHeight.value = innerHeight;
});
const isLowerThan = (rems: number) => windowHeight.value < rems * look.value.rem;

const isNarrow = computed(() => lanesSize.value.width < COMPACT * look.value.rem);
const lanesMost = computed(() => {
  if (isLowerThan(SHORT)) return LANES_SHORT;
  return isNarrow.value || isLowerThan(TALL) ? LANES_FEW : LANES_MAX;
});

const lanes = computed(() => recording.value && lanesOf(recording.value));

/** Tabs with a lane of their own, and those that share one. */
export const tabs = computed(() => chooseTabs(recording.value?.tabs ?? [], lanesMost.value));

const tabLanes = computed(() => {
  const { own, others } = tabs.value;
  return others.length > 0 ? [...own, joinTabs(others)] : own;
});

export const rows = computed(() =>
  rowsOf({
    rem: look.value.rem,
    tabs: tabLanes.value.length,
    hasSignals: (lanes.value?.signals.length ?? 0) > 0,
    hasOthers: (lanes.value?.others.length ?? 0) > 0 || (recording.value?.session.error_count ?? 0) > 0,
    isCompact: isNarrow.value || isLowerThan(SHORT),
  }),
);

/** The tab on which the user stays; null: the one in use is followed. */
export const stay = computed(() =>
  recording.value && stayOn.value !== null ? tabWith(recording.value, stayOn.value) : null,
);

/** Null while no session is there. */
export const drawing = computed<Drawing | null>(
  () =>
    recording.value &&
    lanes.value && {
      size: lanesSize.value,
      window: shown.value,
      rows: rows.value,
      recording: recording.value,
      lanes: lanes.value,
      tabs: tabLanes.value,
      stay: stay.value,
      look: look.value,
    },
);

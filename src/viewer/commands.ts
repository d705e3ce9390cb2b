// What the user can do by key, in one table: keyboard.ts hears its keys, the help sheet and the buttons tell them.
import { signal } from '@preact/signals';
import { SPEEDS } from '../player/playhead.ts';
import { isFree, setFree, showActual, showAll, showWidth, ZOOM_STEP, zoomBy } from './camera.ts';
import { copyLink } from './copy-link.ts';
import { toggleFull } from './full-screen.ts';
import { jump } from './jump.ts';
import { LEAP } from './key-text.ts';
import { goToMark } from './mark-keys.ts';
import { duration, goLive, recording, STEP_MS, seekBy, seekTo, setSpeed, speed, togglePlay } from './playback.ts';
import { showTrail, skipIdle } from './preferences.ts';
import { isShareOpen } from './share/choice.ts';
import { guest } from './share/guest.ts';
import { CLOSER, showWhole, zoomBy as zoomTimeline } from './timeline-window.ts';
import { tell } from './told.ts';
import { isOpenWatched, openNextUnwatched, toggleOpenWatched } from './watched.ts';

/** Of the field that the search is typed into. */
export const SEARCH_ID = 'search';

/** Of the panel with the reasons of the open session's worth. */
export const WORTH_ID = 'worth-reasons';

export const isHelpOpen = signal(false);

const SMALL_STEP_MS = 1000;

export const GROUPS = ['Play', 'Go to', 'Look', 'Sessions', 'Help'] as const;

export interface Command {
  group: (typeof GROUPS)[number];
  /** What it does with the first, the second … of its keys. */
  does: string;
  /** As tinykeys reads them; `run` gets the place of the one that was pressed. */
  keys: readonly string[];
  run: (which: number) => void;
  /** The key that is held down does it again and again. */
  repeats?: true;
  /** Without an open session too. */
  always?: true;
  /** Among the few that are told where there is no room for all. */
  first?: true;
  /** Of nothing that a guest has. */
  needsKey?: true;
}

const isForward = (which: number) => which === 1;

export const COMMANDS = {
  play: { group: 'Play', does: 'Start or stop', keys: ['Space'], run: togglePlay, first: true },
  step: {
    group: 'Play',
    does: '5 seconds back or on',
    keys: ['ArrowLeft', 'ArrowRight'],
    run: (which) => seekBy(isForward(which) ? STEP_MS : -STEP_MS),
    repeats: true,
    first: true,
  },
  smallStep: {
    group: 'Play',
    does: '1 second back or on',
    keys: ['Shift+ArrowLeft', 'Shift+ArrowRight'],
    run: (which) => seekBy(isForward(which) ? SMALL_STEP_MS : -SMALL_STEP_MS),
    repeats: true,
  },
  ends: {
    group: 'Play',
    does: 'To the beginning or the end',
    keys: ['Home', 'End'],
    run: (which) => seekTo(isForward(which) ? duration.peek() : 0),
  },
  speed: {
    group: 'Play',
    does: 'Speed 1×, 2×, 4×, 8×',
    keys: ['1', '2', '3', '4'],
    run: (which) => {
      setSpeed(SPEEDS[which] ?? 1);
      tell(`Speed ${speed.peek()}×`);
    },
    first: true,
  },
  skipIdle: {
    group: 'Play',
    does: 'Skip idle time or not',
    keys: ['i'],
    run: () => {
      skipIdle.value = !skipIdle.value;
      tell(skipIdle.value ? 'Idle time is skipped' : 'Idle time is played');
    },
  },
  live: {
    group: 'Play',
    does: 'To what the visitor does now, of one who is there',
    keys: ['l'],
    run: () => recording.peek()?.session.status === 'live' && goLive(),
  },
  event: {
    group: 'Go to',
    does: 'Event before or after',
    keys: [',', '.'],
    run: (which) => jump('event', isForward(which)),
    repeats: true,
  },
  click: {
    group: 'Go to',
    does: 'Click before or after',
    keys: ['Shift+c', 'c'],
    run: (which) => jump('click', isForward(which)),
    repeats: true,
  },
  signal: {
    group: 'Go to',
    does: 'Signal before or after',
    keys: ['Shift+n', 'n'],
    run: (which) => jump('signal', isForward(which)),
    repeats: true,
    first: true,
  },
  page: {
    group: 'Go to',
    does: 'Page before or after',
    keys: ['Shift+p', 'p'],
    run: (which) => jump('page', isForward(which)),
    repeats: true,
  },
  mark: {
    group: 'Go to',
    does: 'Mark of the timeline before or after, as it is drawn',
    keys: [`${LEAP}+ArrowLeft`, `${LEAP}+ArrowRight`],
    run: (which) => goToMark(isForward(which)),
    repeats: true,
  },
  trail: {
    group: 'Look',
    does: 'Trail on or off',
    keys: ['t'],
    run: () => {
      showTrail.value = !showTrail.value;
      tell(showTrail.value ? 'Trail on' : 'Trail off');
    },
  },
  free: {
    group: 'Look',
    does: 'Scroll by yourself, or follow the visitor',
    keys: ['s'],
    run: () => setFree(!isFree.peek()),
  },
  zoom: {
    group: 'Look',
    does: 'Farther or nearer',
    keys: ['Shift+z', 'z'],
    run: (which) => zoomBy(isForward(which) ? ZOOM_STEP : 1 / ZOOM_STEP),
    repeats: true,
  },
  fit: { group: 'Look', does: 'Fit the page', keys: ['x'], run: showAll },
  width: { group: 'Look', does: 'Fit its width', keys: ['w'], run: showWidth },
  actual: { group: 'Look', does: 'Its own size, 100 %', keys: ['a'], run: showActual },
  timeline: {
    group: 'Look',
    does: 'Timeline farther or nearer',
    keys: ['-', '[Shift]++', '='],
    run: (which) => zoomTimeline(which === 0 ? 1 / CLOSER : CLOSER),
    repeats: true,
  },
  wholeTimeline: { group: 'Look', does: 'Timeline of the whole session', keys: ['0'], run: showWhole },
  full: { group: 'Look', does: 'Full screen', keys: ['f'], run: toggleFull },
  search: {
    group: 'Sessions',
    does: 'Search sessions',
    keys: ['[Shift]+/'],
    run: () => document.getElementById(SEARCH_ID)?.focus(),
    always: true,
    first: true,
    needsKey: true,
  },
  unwatched: {
    group: 'Sessions',
    does: 'Next one you have not watched',
    keys: ['u'],
    run: () => void openNextUnwatched(),
    always: true,
    first: true,
    needsKey: true,
  },
  watched: {
    group: 'Sessions',
    does: 'Mark as watched or not: the open one, in the list the one you are at',
    keys: ['m'],
    run: () => {
      toggleOpenWatched();
      if (isOpenWatched.peek() !== null) tell(isOpenWatched.peek() ? 'Marked as watched' : 'Marked as not watched');
    },
    needsKey: true,
  },
  why: {
    group: 'Sessions',
    does: 'Why it is worth watching',
    keys: ['y'],
    run: () => document.getElementById(WORTH_ID)?.showPopover(),
  },
  share: {
    group: 'Sessions',
    does: 'Share this session',
    keys: ['h'],
    run: () => {
      isShareOpen.value = guest.peek() === null;
    },
    needsKey: true,
  },
  link: { group: 'Sessions', does: 'Copy a link to this moment', keys: ['k'], run: () => void copyLink() },
  help: {
    group: 'Help',
    does: 'All keys',
    keys: ['[Shift]+?'],
    run: () => {
      isHelpOpen.value = true;
    },
    always: true,
    first: true,
  },
} satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;

const commands: Command[] = Object.values(COMMANDS);

export function commandsOf(group: Command['group']): Command[] {
  return commands.filter((command) => command.group === group && !(command.needsKey && guest.value));
}

/** The most useful ones, where there is no room for all. */
export const FIRST_COMMANDS = commands.filter(({ first }) => first);

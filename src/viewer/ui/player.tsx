// The right side: the open session with stage, controls and timeline, or what there is to say instead.
import { computed, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { isMoved, roomWidth } from '../camera.ts';
import { look } from '../draw/look.ts';
import { type Size, watchSize } from '../draw/surface.ts';
import type { FailureKind } from '../failure.ts';
import { isFull, isResting } from '../full-screen.ts';
import { frame, recording } from '../playback.ts';
import { isFiltered, sessions } from '../session-list.ts';
import { leave, openFailure, openId, tryAgain } from '../session-open.ts';
import { guest } from '../share/guest.ts';
import { BrowserBar } from './browser-bar.tsx';
import { Controls } from './controls.tsx';
import { Details } from './details.tsx';
import { EraseDialog } from './erase.tsx';
import { Choose, FirstSteps } from './first-steps.tsx';
import { Help } from './help.tsx';
import { Icon } from './icons.tsx';
import { Panel } from './panel.tsx';
import { ShareDialog } from './share.tsx';
import { Stage } from './stage.tsx';
import { Timeline } from './timeline.tsx';

/** Of the visitor's window now; while a session loads, that of a usual one. */
const aspect = computed(() => {
  const viewport = frame.value?.viewport;
  return viewport ? viewport.width / viewport.height : 16 / 10;
});

export function Player(): JSX.Element {
  return (
    <>
      <Main />
      <Help />
      <ShareDialog />
      <EraseDialog />
    </>
  );
}

function Main(): JSX.Element {
  if (openId.value === null) {
    const nothingYet = sessions.value?.length === 0 && !isFiltered.value;
    return <main class="blank">{nothingYet ? <FirstSteps /> : <Choose />}</main>;
  }
  if (openFailure.value) return <Failed />;
  return (
    <main
      class="player"
      aria-busy={recording.value === null}
      data-full={isFull.value || undefined}
      data-resting={isResting.value || undefined}
    >
      <div class="player-column">
        <h1 class="unseen">Session of visitor {recording.value?.session.visitor_id}</h1>
        <p class="unseen" role="status">
          {recording.value && `The session of visitor ${recording.value.session.visitor_id} is open`}
        </p>
        <Details />
        <Browser />
        <div class="player-bars">
          <Controls />
          <Timeline />
        </div>
      </div>
      <Panel />
    </main>
  );
}

/** rem of the address bar, and px of the borders around the stage; the style sheet's `.browser` has the same. */
const BAR_REM = 2.75;
const BORDERS = 2;

/** Of the visitor, as large as there is room. */
function Browser(): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  const room = useSignal<Size>({ width: 0, height: 0 });
  // Before the first frame is painted.
  useLayoutEffect(
    () =>
      watchSize(holder.current!, (size) => {
        room.value = size;
        roomWidth.value = size.width - BORDERS;
      }),
    [],
  );
  const { width, height } = room.value;
  // Where the user looks by himself the stage is as large as the room.
  const all = (width - BORDERS) / Math.max(1, height - BAR_REM * look.value.rem - BORDERS);
  const style = {
    '--aspect': isMoved.value ? all : aspect.value,
    '--room-width': `${width}px`,
    '--room-height': `${height}px`,
  };
  return (
    <div class="browser-room" ref={holder}>
      <section class="browser" aria-label="Visitor’s browser" style={style}>
        <BrowserBar />
        <Stage />
      </section>
    </div>
  );
}

/** Another try would bring the same. */
const FINAL: ReadonlySet<FailureKind> = new Set(['absent', 'gone', 'over', 'broken']);

function titleOf(kind: FailureKind | undefined): string {
  if (kind === 'absent') return 'No such session';
  if (kind === 'gone') return 'This session is gone';
  return kind === 'over' ? 'This link has ended' : 'This session cannot be shown';
}

function Failed(): JSX.Element {
  const failure = openFailure.value;
  return (
    <main class="blank">
      <div class="blank-card" role="alert">
        <Icon name="gap" />
        <h1>{titleOf(failure?.kind)}</h1>
        <p>{failure?.message}</p>
        <div class="blank-actions">
          {failure && !FINAL.has(failure.kind) && (
            <button class="button" data-kind="main" type="button" onClick={tryAgain}>
              Try again
            </button>
          )}
          {guest.value?.kind !== 'file' && (
            <button class="button" type="button" onClick={leave}>
              {guest.value ? 'Open with a key' : 'All sessions'}
            </button>
          )}
        </div>
      </div>
    </main>
  );
}

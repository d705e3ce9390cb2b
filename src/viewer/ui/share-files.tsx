// The part of the share dialog that saves files: events as NDJSON, the session as one HTML file that plays offline, and a video.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { SPEEDS } from '../../player/playhead.ts';
import { look } from '../draw/look.ts';
import { recording } from '../playback.ts';
import { showTrail, skipIdle } from '../preferences.ts';
import { saveFile } from '../save-file.ts';
import { exportLines, fetchCarried } from '../share/ask.ts';
import { cut } from '../share/carried.ts';
import { chosenRange, stretch } from '../share/choice.ts';
import { htmlFile } from '../share/html-file.ts';
import { pack } from '../share/pack.ts';
import { makeVideo } from '../share/video.ts';
import { lengthOf, type Pace } from '../share/video-times.ts';
import { spanText } from '../words.ts';
import { useWork } from './share-work.ts';

export function Files(): JSX.Element {
  const { work, failure, isBusy } = useWork();
  const session = () => recording.peek()!.session;
  const name = () => `session-${session().session_id}`;
  const saveLines = () =>
    work(async (signal) => {
      const lines = await exportLines(session().session_id, chosenRange(), signal);
      saveFile(`${name()}.ndjson`, new Blob([`${lines.join('\n')}\n`], { type: 'application/x-ndjson' }));
    });
  const savePage = () =>
    work(async (signal) => {
      const carried = cut(await fetchCarried(session(), signal), chosenRange(), true);
      const page = await htmlFile(await pack(carried, signal), signal);
      saveFile(`${name()}.html`, new Blob([page], { type: 'text/html;charset=utf-8' }));
    });
  return (
    <section class="share-part" aria-labelledby="share-files">
      <h4 id="share-files">Files</h4>
      <p class="share-text">The HTML file plays in any browser, offline. NDJSON is for programs and for import.</p>
      <div class="share-row">
        <button
          class="button"
          type="button"
          aria-disabled={isBusy.value || !stretch.value}
          onClick={() => stretch.value && void savePage()}
        >
          Save as HTML
        </button>
        <button
          class="button"
          type="button"
          aria-disabled={isBusy.value || !stretch.value}
          onClick={() => stretch.value && void saveLines()}
        >
          Save as NDJSON
        </button>
      </div>
      <p class="share-problem" role="alert">
        {failure}
      </p>
      <Video name={name} />
    </section>
  );
}

function Video({ name }: { name: () => string }): JSX.Element {
  const speed = useSignal(1);
  const skips = useSignal(skipIdle.peek());
  const share = useSignal(0);
  const { work, cancel, failure, isBusy } = useWork();
  const loaded = recording.value;
  const range = stretch.value;
  const isLoaded = loaded !== null && !loaded.part && range !== null && range.to > range.from;
  const pace = (by: number): Pace => ({ range: range!, speed: by, skipsIdle: skips.value });
  const length = isLoaded ? lengthOf(loaded, pace(speed.value)) : null;
  const isReady = length !== null;
  const fits = isLoaded && !isReady && SPEEDS.find((by) => by > speed.value && lengthOf(loaded, pace(by)) !== null);
  const make = () =>
    work(async (signal) => {
      if (!loaded || !range) return;
      share.value = 0;
      const video = await makeVideo(
        loaded,
        {
          range,
          speed: speed.peek(),
          skipsIdle: skips.peek(),
          look: look.peek(),
          trail: showTrail.peek(),
          progress: (done) => {
            share.value = Math.floor(done * 100);
          },
        },
        signal,
      );
      saveFile(`${name()}.mp4`, video);
    });
  return (
    <>
      <div class="share-row">
        <label class="share-time">
          <span>Speed</span>
          <select
            class="input"
            disabled={isBusy.value}
            onChange={(event) => (speed.value = Number(event.currentTarget.value))}
          >
            {SPEEDS.map((choice) => (
              <option key={choice} value={choice} selected={choice === speed.value}>
                {choice}×
              </option>
            ))}
          </select>
        </label>
        <label class="share-option">
          <input
            class="toggle"
            type="checkbox"
            checked={skips.value}
            disabled={isBusy.value}
            onChange={(event) => {
              skips.value = event.currentTarget.checked;
            }}
          />
          Skip idle time
        </label>
        {isBusy.value ? (
          <button class="button" type="button" onClick={cancel}>
            Cancel the video
          </button>
        ) : (
          <button class="button" type="button" aria-disabled={!isReady} onClick={() => isReady && void make()}>
            Make a video
          </button>
        )}
      </div>
      {isBusy.value ? (
        <label class="share-progress">
          <span>Making the video: {share} %</span>
          <progress max="100" value={share.value} aria-label="Video" />
        </label>
      ) : (
        <p class="share-text">
          {isReady && `An MP4 of ${spanText(length)}, made in this browser: nothing is sent anywhere.`}
          {isLoaded &&
            !isReady &&
            `An MP4 lasts an hour at most, and this would be longer: ${fits ? `${fits}× is short enough, or choose a stretch` : 'choose a stretch'}.`}
          {loaded?.part && 'The session is still loading.'}
          {range && range.to <= range.from && 'A single moment makes no video.'}
        </p>
      )}
      <p class="share-problem" role="alert">
        {failure}
      </p>
    </>
  );
}

// What the visitor did as a text, in step with the playhead: to read, to hear, to jump from and to take away. A tab of the panel.
import { computed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Line } from '../../player/transcript-line.ts';
import { happened, reachedLine } from '../happened.ts';
import { isPlaying, recording, seekTo } from '../playback.ts';
import { announces } from '../preferences.ts';
import { saveText } from '../save-file.ts';
import { lineParts, lineText, transcriptText } from '../transcript-words.ts';
import { clockText } from '../words.ts';
import { CopyButton } from './copy-button.tsx';
import { FollowButton, useFollow } from './follow.tsx';
import { Icon } from './icons.tsx';
import { isPlain, rowFor } from './own-keys.ts';

const PAGE = 10;
const STEP = 100;

interface Made {
  lines: readonly Line[];
  items: JSX.Element[];
}

/** Of a session that grows most lines stay what they were, and so do their rows. */
function makeItems(before: Made, lines: readonly Line[]): Made {
  if (before.lines.length === lines.length && before.lines.every((line, i) => line === lines[i])) return before;
  const items = lines.map((line, i) => {
    const known = before.lines[i];
    const isSame = known === line || (known?.at === line.at && lineText(known) === lineText(line));
    return (isSame && before.items[i]) || <Item key={i} line={line} index={i} />;
  });
  return { lines, items };
}

export function Transcript(): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  const rowOf = (index: number) => list.current?.children[index]?.firstElementChild as HTMLElement | undefined;
  const { lines } = happened.value;
  /** So many are there; a long transcript is made in steps, each in a turn of its own. */
  const rows = useSignal(STEP);
  useEffect(() => {
    if (lines.length === 0) rows.value = STEP;
    if (rows.value >= lines.length) return;
    const turn = setTimeout(() => {
      rows.value += STEP;
    });
    return () => clearTimeout(turn);
  }, [lines, rows.value]);
  const made = useRef<Made>({ lines: [], items: [] });
  made.current = makeItems(made.current, lines.slice(0, rows.value));
  const follow = useFollow(
    list,
    () => Math.min(reachedLine.value, rows.value - 1),
    (index) => {
      const row = rowOf(index)?.parentElement;
      return row ? { top: row.offsetTop, height: row.offsetHeight } : null;
    },
  );
  // Only the two rows that change are touched: a long transcript has thousands.
  useSignalEffect(() => {
    const index = Math.min(reachedLine.value, rows.value - 1);
    void happened.value;
    const turn = requestAnimationFrame(() => {
      for (const row of list.current?.querySelectorAll('[aria-current]') ?? []) row.removeAttribute('aria-current');
      for (const row of list.current?.querySelectorAll('[tabindex="0"]') ?? []) row.setAttribute('tabindex', '-1');
      if (index >= 0) rowOf(index)?.setAttribute('aria-current', 'step');
      rowOf(Math.max(0, index))?.setAttribute('tabindex', '0');
    });
    return () => cancelAnimationFrame(turn);
  });
  const click = (event: MouseEvent) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-line]') : null;
    const line = row && lines[Number(row.dataset.line)];
    if (line) seekTo(line.at);
  };
  const press = (event: KeyboardEvent) => {
    const row = event.target instanceof HTMLElement ? event.target.dataset.line : undefined;
    const to = row === undefined ? null : rowFor(event.key, Number(row), made.current.items.length, PAGE);
    if (to === null || !isPlain(event)) return;
    event.preventDefault();
    rowOf(to)?.focus();
  };
  return (
    <div class="panel-tab transcript">
      <div class="transcript-tools">
        <button
          class="button"
          data-kind="switch"
          type="button"
          aria-pressed={announces.value}
          title="A screen reader says each line as it is reached"
          onClick={() => {
            announces.value = !announces.value;
          }}
        >
          Announce
        </button>
        <CopyButton name="Copy" icon="link" text={() => transcriptText(happened.peek().lines)} />
        <button class="button" type="button" title="Save as text" onClick={save}>
          <Icon name="save" />
          <span class="button-text">Save as text</span>
        </button>
      </div>
      <ol
        class="transcript-lines"
        aria-label="Transcript"
        ref={list}
        onScroll={follow.onScroll}
        onFocusIn={follow.onFocusIn}
        onFocusOut={follow.onFocusOut}
        onKeyDown={press}
        onClick={click}
      >
        {made.current.items}
      </ol>
      {lines.length === 0 && recording.value?.part && <p class="panel-none">Loading the rest of the session …</p>}
      <FollowButton follow={follow} />
    </div>
  );
}

function Item({ line, index }: { line: Line; index: number }): JSX.Element {
  const { kind } = line.fact;
  return (
    <li class="transcript-item" data-kind={line.finding === null ? kind : 'signal'}>
      <button class="transcript-line" type="button" data-line={index} tabIndex={index === 0 ? 0 : -1}>
        <span class="transcript-time">{clockText(line.at)}</span>
        <span class="transcript-text">
          {lineParts(line).map((part, i) =>
            typeof part === 'string' ? (
              part
            ) : (
              <bdi key={i} title={part.full}>
                {part.name}
              </bdi>
            ),
          )}
        </span>
      </button>
    </li>
  );
}

function save(): void {
  const id = recording.peek()?.session.session_id ?? 'session';
  saveText(`transcript-${id}.txt`, transcriptText(happened.peek().lines));
}

const announced = computed(() => {
  const line = happened.value.lines[reachedLine.value];
  // That a session still runs is no news.
  const isNews = line && !(line.fact.kind === 'end' && line.fact.live);
  return announces.value && isPlaying.value && isNews ? lineText(line) : '';
});

/** Tells each new line while it plays, to who wants it. */
export function Announcer(): JSX.Element {
  const text = useSignal('');
  useSignalEffect(() => {
    text.value = announced.value;
  });
  return (
    <p class="unseen" role="status">
      {text}
    </p>
  );
}

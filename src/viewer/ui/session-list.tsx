// The endless list: only the rows in sight are in the page, further ones are fetched as they come near.
import { untracked, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { look } from '../draw/look.ts';
import { watchSize } from '../draw/surface.ts';
import { listFailure, loadingMore, loadMore, prepended, sessions, total } from '../session-list.ts';
import { choose, openId } from '../session-open.ts';
import { SessionOption } from './session-option.tsx';

/** rem; the style sheet's `.option` has the same. */
const ROW_REM = 5.25;
/** A short list is in the page as a whole: a browser's own search and a screen reader's walk then reach every row. */
const WHOLE_MAX = 100;
/** Rows kept in the page above and below those in sight, and rows from the end at which more are fetched. */
const AROUND = 8;
const AHEAD = 15;

export function SessionList(): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(800);
  /** The session that the arrow keys are at. */
  const active = useSignal(openId.value);
  const rows = sessions.value ?? [];
  const row = ROW_REM * look.value.rem;

  useEffect(() => watchSize(list.current!, (size) => (height.value = size.height)), []);
  useSignalEffect(() => {
    active.value = openId.value;
  });
  useSignalEffect(() => {
    const seen = (top.value + height.value) / (ROW_REM * look.value.rem);
    // After a failure it is the next scrolling that tries again.
    if (seen + AHEAD >= (sessions.value?.length ?? 0)) void untracked(loadMore);
  });
  useLayoutEffect(() => {
    const { rows: added } = prepended.value;
    if (list.current && list.current.scrollTop > 0) list.current.scrollTop += added * row;
  }, [prepended.value]);

  const first = rows.length <= WHOLE_MAX ? 0 : Math.max(0, Math.floor(top.value / row) - AROUND);
  const last =
    rows.length <= WHOLE_MAX
      ? rows.length
      : Math.min(rows.length, Math.ceil((top.value + height.value) / row) + AROUND);
  const current = Math.max(
    0,
    rows.findIndex((session) => session.session_id === active.value),
  );

  const move = (event: KeyboardEvent) => {
    const target = targetOf(event.key, current, rows.length, Math.max(1, Math.floor(height.value / row) - 1));
    if (event.key === 'Enter' && rows[current]) choose(rows[current].session_id);
    else if (target === null) return;
    event.preventDefault();
    if (target === null || !list.current) return;
    active.value = rows[target]?.session_id ?? null;
    list.current.scrollTop = Math.min(
      Math.max(list.current.scrollTop, (target + 1) * row - list.current.clientHeight),
      target * row,
    );
    top.value = list.current.scrollTop;
  };

  const press = (event: MouseEvent) => {
    const option = event.target instanceof Element ? event.target.closest<HTMLElement>('.option') : null;
    const session = rows[Number(option?.dataset.index)];
    if (!session) return;
    choose(session.session_id);
    // The keys go on from here, even when the row is no longer in the page.
    list.current?.focus({ preventScroll: true });
  };

  return (
    <div
      class="list"
      ref={list}
      role="listbox"
      aria-label="Sessions"
      tabIndex={0}
      aria-activedescendant={`option-${current}`}
      onScroll={(event) => {
        top.value = event.currentTarget.scrollTop;
      }}
      onKeyDown={move}
      onClick={press}
    >
      <div class="list-space" role="presentation" style={{ height: `${rows.length * row}px` }}>
        {rows.slice(first, last).map((session, i) => (
          <SessionOption
            key={session.session_id}
            session={session}
            index={first + i}
            count={Math.max(rows.length, total.value)}
            top={(first + i) * row}
            isActive={first + i === current}
            isOpen={session.session_id === openId.value}
          />
        ))}
      </div>
      {loadingMore.value && <ListEnd text="Loading more…" />}
      {listFailure.value && !loadingMore.value && (
        <ListEnd text={`${listFailure.value.message} Scroll to try again.`} />
      )}
    </div>
  );
}

function ListEnd({ text }: { text: string }): JSX.Element {
  return (
    <p class="list-end" role="presentation">
      {text}
    </p>
  );
}

function targetOf(key: string, current: number, count: number, page: number): number | null {
  const last = count - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, current + 1);
    case 'ArrowUp':
      return Math.max(0, current - 1);
    case 'PageDown':
      return Math.min(last, current + page);
    case 'PageUp':
      return Math.max(0, current - page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

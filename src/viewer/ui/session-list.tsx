// The endless list: only the rows in sight are in the page, further ones are fetched as they come near.
import { untracked, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { look } from '../draw/look.ts';
import { watchSize } from '../draw/surface.ts';
import type { ListedSession } from '../list-api.ts';
import { view } from '../list-view.ts';
import {
  answered,
  isReloading,
  listFailure,
  loadingMore,
  loadMore,
  prepended,
  sessions,
  total,
} from '../session-list.ts';
import { choose, openId } from '../session-open.ts';
import { isWatched, setWatched } from '../watched.ts';
import { rowFor } from './own-keys.ts';
import { placeBeside } from './popup.tsx';
import { SessionOption } from './session-option.tsx';
import { WorthReasons } from './worth.tsx';

/** rem; the style sheet's `.option` has the same. */
const ROW_REM = 5;
/** A short list is in the page as a whole: a browser's own search and a screen reader's walk then reach every row. */
const WHOLE_MAX = 100;
/** Rows kept in the page above and below those in sight, and rows from the end at which more are fetched. */
const AROUND = 8;
const AHEAD = 15;

export function SessionList(): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(800);
  /** The rows in sight were painted; the others of a short list come then. */
  const isPainted = useSignal(false);
  /** The session that the arrow keys are at. */
  const active = useSignal(openId.value);
  const rows = sessions.value ?? [];
  /** Whose worth is being explained. */
  const explained = useSignal<ListedSession | null>(null);
  const reasons = useRef<HTMLDivElement>(null);
  const row = ROW_REM * look.value.rem;
  /** Where that was last: what has gone leaves its place to what comes after it. */
  const place = useRef(0);
  const at = rows.findIndex((session) => session.session_id === active.value);
  const current = Math.max(0, at < 0 ? Math.min(place.current, rows.length - 1) : at);
  place.current = current;

  useEffect(() => {
    isPainted.value = true;
    return watchSize(list.current!, (size) => (height.value = size.height));
  }, []);
  useSignalEffect(() => {
    // Who comes back from a session finds the place again.
    active.value = openId.value ?? active.peek();
    untracked(() => bringInSight(openId.value));
  });
  useSignalEffect(() => {
    // Another list begins at its top.
    void view.value;
    return () => list.current?.scrollTo(0, 0);
  });
  useSignalEffect(() => {
    void answered.value;
    place.current = 0;
  });
  useLayoutEffect(() => {
    const badge = list.current?.querySelector(`[data-index="${current}"] .option-worth`);
    if (!explained.value || !reasons.current || !badge) return;
    reasons.current.showPopover();
    placeBeside(reasons.current, badge.getBoundingClientRect());
  }, [explained.value]);
  useSignalEffect(() => {
    const seen = (top.value + height.value) / (ROW_REM * look.value.rem);
    // After a failure it is the next scrolling that tries again.
    if (seen + AHEAD >= (sessions.value?.length ?? 0)) void untracked(loadMore);
  });
  useLayoutEffect(() => {
    const { rows: added } = prepended.value;
    if (list.current && list.current.scrollTop > 0) list.current.scrollTop += added * row;
  }, [prepended.value]);

  const bringInSight = (id: string | null) => {
    const at = (sessions.peek() ?? []).findIndex((session) => session.session_id === id);
    if (at >= 0 && list.current) top.value = scrollTo(list.current, at, ROW_REM * look.peek().rem);
  };

  const isWhole = rows.length <= WHOLE_MAX && isPainted.value;
  const first = isWhole ? 0 : Math.max(0, Math.floor(top.value / row) - AROUND);
  const last = isWhole ? rows.length : Math.min(rows.length, Math.ceil((top.value + height.value) / row) + AROUND);
  const explain = (session: ListedSession) => {
    bringInSight(session.session_id);
    active.value = session.session_id;
    explained.value = session;
  };
  const act = (key: string, session: ListedSession): boolean => {
    if (key === 'Enter') choose(session.session_id);
    else if (key === 'm') void setWatched(session.session_id, !isWatched(session));
    else if (key === 'y') explain(session);
    else return false;
    return true;
  };
  const move = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = rowFor(event.key, current, rows.length, Math.max(1, Math.floor(height.value / row) - 1));
    if (target === null && !(rows[current] && act(event.key, rows[current]))) return;
    event.preventDefault();
    if (target === null || !list.current) return;
    active.value = rows[target]?.session_id ?? null;
    top.value = scrollTo(list.current, target, row);
  };

  const press = (event: MouseEvent) => {
    const option = event.target instanceof Element ? event.target.closest<HTMLElement>('.option') : null;
    const session = rows[Number(option?.dataset.index)];
    if (!session || !(event.target instanceof Element)) return;
    // The keys go on from here, even when the row is no longer in the page.
    list.current?.focus({ preventScroll: true });
    if (event.target.closest('.option-dot')) {
      void setWatched(session.session_id, !isWatched(session));
    } else if (event.target.closest('.option-worth')) {
      explain(session);
    } else {
      choose(session.session_id);
    }
  };

  return (
    <>
      <div
        class="list"
        ref={list}
        role="listbox"
        aria-label="Sessions"
        aria-description="Enter opens a session, M marks it as watched or not, Y tells why it is worth watching"
        aria-busy={isReloading.value}
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
      <div
        ref={reasons}
        class="popup"
        popover="auto"
        role="dialog"
        aria-label="Why it is worth watching"
        tabIndex={-1}
        onToggle={(event) => {
          if (event.newState === 'closed') explained.value = null;
          else event.currentTarget.focus();
        }}
      >
        {explained.value && <WorthReasons session={explained.value} />}
      </div>
    </>
  );
}

/** So far that the row is in sight, and no further; where the list is then, px. */
function scrollTo(list: HTMLElement, index: number, row: number): number {
  list.scrollTop = Math.min(Math.max(list.scrollTop, (index + 1) * row - list.clientHeight), index * row);
  return list.scrollTop;
}

function ListEnd({ text }: { text: string }): JSX.Element {
  return (
    <p class="list-end" role="presentation">
      {text}
    </p>
  );
}

// The left side: what list it is, and the list in whatever state it is.
import type { JSX } from 'preact';
import { showAll, view } from '../list-view.ts';
import { isBehind, isFiltered, listFailure, loadFirst, loadMore, nextCursor, sessions } from '../session-list.ts';
import { ListHead } from './list-head.tsx';
import { SessionList } from './session-list.tsx';

/** For the focus of whoever came in. */
export const SIDEBAR_ID = 'sidebar';

export function Sidebar(): JSX.Element {
  return (
    <aside class="sidebar" id={SIDEBAR_ID} aria-label="Session browser" tabIndex={-1}>
      <ListHead />
      {isBehind.value && sessions.value && (
        <p class="sidebar-behind" role="status">
          The list is being brought up to date: sessions may be missing or older than they are.
        </p>
      )}
      <ListArea />
    </aside>
  );
}

function ListArea(): JSX.Element {
  if (listFailure.value && !sessions.value) {
    return (
      <div class="note" role="alert">
        <p>{listFailure.value.message}</p>
        <button class="button" type="button" onClick={() => void loadFirst()}>
          Try again
        </button>
      </div>
    );
  }
  if (!sessions.value) return <Skeletons />;
  if (sessions.value.length === 0) return <Nothing />;
  return <SessionList />;
}

function Nothing(): JSX.Element {
  if (!isFiltered.value) {
    return (
      <div class="note">
        <p>Nothing has been recorded yet.</p>
      </div>
    );
  }
  const { text, visitor, filters } = view.value;
  return (
    <div class="note">
      <h2>{nextCursor() === null ? 'No session matches' : 'No session found so far'}</h2>
      {text.trim() !== '' && <p>The search looks at page paths, clicked elements, errors, countries and visitors.</p>}
      {visitor.trim() !== '' && <p>A visitor ID has to be complete.</p>}
      {Object.keys(filters).length > 1 && <p>Every filter above has to match: take one away, or all of them.</p>}
      {nextCursor() !== null && (
        <button class="button" type="button" onClick={() => void loadMore()}>
          Look further back
        </button>
      )}
      <button class="button" data-kind="main" type="button" onClick={showAll}>
        Show all sessions
      </button>
    </div>
  );
}

function Skeletons(): JSX.Element {
  return (
    <div class="skeletons" aria-hidden="true">
      {Array.from({ length: 20 }, (_, i) => (
        <div class="skeleton" key={i}>
          <span />
          <span />
          <span />
        </div>
      ))}
    </div>
  );
}

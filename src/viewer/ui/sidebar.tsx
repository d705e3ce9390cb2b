// The left side: what list it is, and the list in whatever state it is.
import type { JSX } from 'preact';
import { showAll, visitorFilter } from '../list-view.ts';
import { isBehind, isFiltered, listFailure, loadFirst, sessions } from '../session-list.ts';
import { ListHead } from './list-head.tsx';
import { SessionList } from './session-list.tsx';

export function Sidebar(): JSX.Element {
  return (
    <aside class="sidebar" aria-label="Session browser">
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
  return (
    <div class="note">
      <p>No session matches. The search looks at page paths, clicked elements, countries and visitors.</p>
      {visitorFilter.value.trim() !== '' && <p>A visitor ID has to be complete.</p>}
      <button class="button" type="button" onClick={showAll}>
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

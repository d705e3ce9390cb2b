// The left side: brand, search, visitor filter, and the list in whatever state it is.
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { forgetKey } from '../access.ts';
import { searchText, visitorFilter } from '../list-view.ts';
import { isDark, theme, toggleTheme } from '../preferences.ts';
import { isBehind, isFiltered, listFailure, loadFirst, sessions, total } from '../session-list.ts';
import { countText } from '../words.ts';
import { Brand } from './brand.tsx';
import { Icon } from './icons.tsx';
import { SessionList } from './session-list.tsx';

/** For the key that jumps to the search. */
export const SEARCH_ID = 'search';

export function Sidebar(): JSX.Element {
  const dark = theme.value === 'dark' || (theme.value === 'system' && isDark.value);
  return (
    <aside class="sidebar" aria-label="Session browser">
      <header class="sidebar-head">
        <Brand />
        <button
          class="button"
          data-kind="icon"
          type="button"
          title={dark ? 'Light theme' : 'Dark theme'}
          onClick={toggleTheme}
        >
          <Icon name={dark ? 'sun' : 'moon'} />
          <span class="unseen">{dark ? 'Light theme' : 'Dark theme'}</span>
        </button>
        <button class="button" data-kind="icon" type="button" title="Forget the key" onClick={forgetKey}>
          <Icon name="leave" />
          <span class="unseen">Forget the key</span>
        </button>
      </header>
      <div class="filters">
        <FilterField
          id={SEARCH_ID}
          type="search"
          icon="search"
          name="Search sessions"
          hint="Search page, element, country…"
          value={searchText}
        />
        <FilterField
          id="visitor"
          type="text"
          icon="visitor"
          name="Visitor ID"
          hint="Visitor ID"
          value={visitorFilter}
        />
      </div>
      <p class="sidebar-count" role="status">
        {sessions.value
          ? countText(total.value, isFiltered.value ? 'match' : 'session', isFiltered.value ? 'matches' : 'sessions')
          : '\u00a0'}
      </p>
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
  const clear = () => {
    searchText.value = '';
    visitorFilter.value = '';
  };
  return (
    <div class="note">
      <p>No session matches. The search looks at page paths, clicked elements, countries and visitors.</p>
      {visitorFilter.value.trim() !== '' && <p>A visitor ID has to be complete.</p>}
      <button class="button" type="button" onClick={clear}>
        Show all sessions
      </button>
    </div>
  );
}

function Skeletons(): JSX.Element {
  return (
    <div class="skeletons" aria-hidden="true">
      {Array.from({ length: 12 }, (_, i) => (
        <div class="skeleton" key={i}>
          <span />
          <span />
          <span />
        </div>
      ))}
    </div>
  );
}

function FilterField(props: {
  id: string;
  type: 'search' | 'text';
  icon: 'search' | 'visitor';
  name: string;
  hint: string;
  value: { value: string };
}): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const clear = () => {
    props.value.value = '';
    field.current?.focus();
  };
  const shared = {
    ref: field,
    class: 'input',
    id: props.id,
    placeholder: props.hint,
    autocomplete: 'off',
    spellcheck: false,
    value: props.value.value,
    onInput: (event: { currentTarget: HTMLInputElement }) => {
      props.value.value = event.currentTarget.value;
    },
  } as const;
  return (
    <div class="filter">
      <Icon name={props.icon} />
      <label class="unseen" for={props.id}>
        {props.name}
      </label>
      {props.type === 'search' ? <input {...shared} type="search" /> : <input {...shared} type="text" />}
      {props.value.value !== '' && (
        <button class="filter-clear" type="button" title="Clear" onClick={clear}>
          <Icon name="close" />
          <span class="unseen">Clear {props.id === SEARCH_ID ? 'the search' : 'the visitor filter'}</span>
        </button>
      )}
    </div>
  );
}

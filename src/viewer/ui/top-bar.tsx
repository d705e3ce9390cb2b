// Above everything: brand, search, visitor, chips, what is live, when, and what concerns the viewer itself.
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { forgetKey } from '../access.ts';
import { SEARCH_ID } from '../commands.ts';
import { toggled } from '../filters.ts';
import { filters, searchText, setFilters, visitorFilter } from '../list-view.ts';
import { isDark, toggleTheme } from '../preferences.ts';
import { facets } from '../session-list.ts';
import { shortCount } from '../words.ts';
import { Brand } from './brand.tsx';
import { Chips } from './chips.tsx';
import { FilterPanel } from './filter-panel.tsx';
import { IconButton } from './icon-button.tsx';
import { Icon } from './icons.tsx';
import { isPlain } from './own-keys.ts';
import { TimeMenu } from './time-menu.tsx';

export function TopBar(): JSX.Element {
  return (
    <header class="top">
      <Brand />
      <search class="top-search">
        <Field
          id={SEARCH_ID}
          type="search"
          icon="search"
          name="Search sessions"
          hint="Page, element, error…"
          value={searchText}
        />
        <Field id="visitor" type="text" icon="visitor" name="Visitor ID" hint="Visitor ID" value={visitorFilter} />
      </search>
      <div class="top-filters">
        <Chips />
        <FilterPanel />
      </div>
      <div class="top-end">
        <LiveChip />
        <TimeMenu />
        <IconButton
          name={isDark.value ? 'Light theme' : 'Dark theme'}
          icon={isDark.value ? 'sun' : 'moon'}
          run={toggleTheme}
        />
        <IconButton name="Forget the key" icon="leave" run={forgetKey} />
      </div>
    </header>
  );
}

function LiveChip(): JSX.Element {
  const count = facets.value?.live ?? null;
  return (
    <button
      class="chip"
      data-kind={count ? 'live' : undefined}
      type="button"
      title="Sessions that are still running"
      aria-pressed={filters.value.status?.[0] === 'live'}
      onClick={() => setFilters(toggled(filters.value, 'status', 'live'))}
    >
      Live <span class="chip-count">{count === null ? '' : shortCount(count)}</span>
    </button>
  );
}

function Field(props: {
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
  /** On to what was found; letters that are being put together by keys end with Enter, too. */
  const press = (event: KeyboardEvent) => {
    const list = document.querySelector<HTMLElement>('[role="listbox"]');
    if (!list || event.isComposing || !['ArrowDown', 'Enter'].includes(event.key) || !isPlain(event)) return;
    event.preventDefault();
    list.focus();
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
    onKeyDown: press,
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

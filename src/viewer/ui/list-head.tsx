// Above the list: which list it is, in which order, how many there are and how many are still to be watched.
import type { JSX } from 'preact';
import { SORTS } from '../../format/list.ts';
import { SORT_WORDS } from '../filter-words.ts';
import { keyed } from '../keyboard.ts';
import { isReversed, setSort, sort } from '../list-view.ts';
import { oneKeys } from '../preferences.ts';
import { facets, isCounted, isFiltered, isTotalFloor, sessions, sortedOf, total } from '../session-list.ts';
import { nextNotice, openNextUnwatched } from '../watched.ts';
import { countText, numberText } from '../words.ts';
import { Icon } from './icons.tsx';
import { closeAfterChoice, Popup } from './popup.tsx';
import { SavedMenu } from './saved-menu.tsx';

const ID = 'sort-menu';

export function ListHead(): JSX.Element {
  return (
    <div class="list-head">
      <div>
        <SavedMenu />
        <Popup
          id={ID}
          name="Order"
          kind="quiet"
          label={
            <>
              <span class="unseen">Order: </span>
              <span class="button-text">{SORT_WORDS[sort.value][isReversed.value ? 1 : 0]}</span>
              <Icon name="chevron" />
            </>
          }
        >
          {() => <Orders />}
        </Popup>
      </div>
      <div>
        <p class="list-count" role="status">
          {sessions.value ? totalText() : '\u00a0'}
        </p>
        <button
          class="button"
          data-kind="small"
          type="button"
          {...keyed('Open the next one you have not watched', 'unwatched')}
          onClick={() => void openNextUnwatched()}
        >
          <Icon name="next" />
          Next <span class="unseen">unwatched</span>
          {oneKeys.value && <kbd>U</kbd>}
        </button>
      </div>
      {sortedOf.value !== null && (
        <p class="list-notice">Only the newest {numberText(sortedOf.value)} are in this order</p>
      )}
      <p class="list-notice" role="status">
        {nextNotice}
      </p>
    </div>
  );
}

/** Of what was not counted to its end it says so. */
function totalText(): string {
  const found = isFiltered.value ? countText(total.value, 'match', 'matches') : countText(total.value, 'session');
  const all = `${isTotalFloor.value ? 'more than ' : ''}${found}`;
  const counted = facets.value;
  if (!counted || !isCounted.value || total.value === 0) return all;
  const { unwatched, isAll } = counted;
  return `${all} · ${isAll ? '' : 'at least '}${countText(unwatched, 'unwatched', 'unwatched')}`;
}

function Orders(): JSX.Element {
  return (
    <form class="menu" onSubmit={(event) => event.preventDefault()}>
      <fieldset class="menu-choices">
        <legend class="unseen">Order</legend>
        {SORTS.map((choice) => (
          <label class="menu-choice" key={choice}>
            <input
              type="radio"
              name="order"
              checked={choice === sort.value}
              onChange={() => setSort(choice)}
              onClick={(event) => event.detail > 0 && closeAfterChoice(ID)}
            />
            <span>{SORT_WORDS[choice][0]}</span>
          </label>
        ))}
      </fieldset>
      <label class="menu-choice" data-kind="apart">
        <input
          type="checkbox"
          checked={isReversed.value}
          onChange={(event) => {
            isReversed.value = event.currentTarget.checked;
          }}
        />
        <span>Reversed: {SORT_WORDS[sort.value][1].toLowerCase()} first</span>
      </label>
    </form>
  );
}

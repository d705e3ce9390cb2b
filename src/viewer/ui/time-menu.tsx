// When the sessions of the list began: a span up to now, or days from the calendar.
import type { JSX } from 'preact';
import { SPAN_WORDS, timeText } from '../filter-words.ts';
import { type Filters, SPANS, withFilter } from '../filters.ts';
import { filters, setFilters } from '../list-view.ts';
import { Icon } from './icons.tsx';
import { closeAfterChoice, closePopup, Popup } from './popup.tsx';

const ID = 'time-menu';

export function TimeMenu(): JSX.Element {
  const { last, from, to } = filters.value;
  return (
    <Popup
      id={ID}
      name="When"
      class="chip"
      kind={last || from || to ? 'active' : undefined}
      label={
        <>
          <Icon name="when" />
          <span class="chip-text">{timeText(filters.value)}</span>
          <Icon name="chevron" />
        </>
      }
    >
      {() => <Times />}
    </Popup>
  );
}

function Times(): JSX.Element {
  const { last, from, to } = filters.value;
  const span = (value: string) => setFilters(withFilter(withoutTime(filters.value), 'last', value ? [value] : []));
  const day = (name: 'from' | 'to', value: string) =>
    setFilters(withFilter(withFilter(filters.value, 'last', []), name, value ? [value] : []));
  return (
    <form
      class="menu"
      onSubmit={(event) => {
        event.preventDefault();
        closePopup(ID);
      }}
    >
      <fieldset class="menu-choices">
        <legend class="unseen">Began</legend>
        {['', ...Object.keys(SPANS)].map((value) => (
          <label class="menu-choice" key={value}>
            <input
              type="radio"
              name="span"
              checked={value === (last?.[0] ?? '') && !from && !to}
              onChange={() => span(value)}
              onClick={(event) => event.detail > 0 && closeAfterChoice(ID)}
            />
            <span>{value === '' ? 'Any time' : SPAN_WORDS[value]}</span>
          </label>
        ))}
      </fieldset>
      <div class="menu-days">
        {(['from', 'to'] as const).map((name) => (
          <label class="field" key={name}>
            <span class="field-name">{name === 'from' ? 'From' : 'Until'}</span>
            <input
              class="input"
              type="date"
              value={(name === 'from' ? from : to)?.[0] ?? ''}
              onChange={(event) => day(name, event.currentTarget.value)}
            />
          </label>
        ))}
      </div>
    </form>
  );
}

function withoutTime(all: Filters): Filters {
  return withFilter(withFilter(withFilter(all, 'last', []), 'from', []), 'to', []);
}

// What the list is filtered by, each to be taken away; and the filters used most, one press away, with how many sessions they would leave.
import type { JSX } from 'preact';
import type { Signal } from '../../format/signal.ts';
import { type Chip, chipsOf } from '../filter-words.ts';
import { type FilterName, type Filters, toggled, withFilter } from '../filters.ts';
import { filters, setFilters } from '../list-view.ts';
import { facets } from '../session-list.ts';
import { SIGNAL_WORDS } from '../signal-words.ts';
import { countText, shortCount } from '../words.ts';
import { focusNext } from './focus.ts';
import { Icon } from './icons.tsx';

/** They have their places from the beginning, so that nothing moves when their counts come. */
const USUAL: readonly Signal[] = ['rage_click', 'dead_click', 'error_click'];
const RARER: readonly Signal[] = ['abandoned_form', 'quick_back', 'thrashed_cursor', 'excessive_scroll', 'hesitation'];

export function Chips(): JSX.Element {
  const chosen = filters.value;
  // It has a chip of its own.
  const isMobile = chosen.device?.join() === 'mobile';
  return (
    <ul class="chips" aria-label="Filters">
      {chipsOf(chosen)
        .filter(({ names }) => !(isMobile && names[0] === 'device'))
        .map((chip) => (
          <ActiveChip key={chip.names[0]} {...chip} />
        ))}
      {[...USUAL, ...RARER.filter((signal) => chosen.signal?.includes(signal))].map((signal) => (
        <QuickChip
          key={signal}
          name="signal"
          value={signal}
          text={SIGNAL_WORDS[signal].many}
          count={facets.value && (facets.value.signals[signal] ?? 0)}
        />
      ))}
      <QuickChip
        name="device"
        value="mobile"
        text="Mobile"
        count={facets.value && (facets.value.values.device.find(({ value }) => value === 'mobile')?.count ?? 0)}
      />
    </ul>
  );
}

type Press = Event & { currentTarget: HTMLElement };

/** Where the chip that was pressed is gone after it, the focus goes to the one in its place. */
function filterBy(next: Filters, { currentTarget }: Press): void {
  const list = currentTarget.closest('ul')!;
  const at = Array.from(list.children).findIndex((chip) => chip.contains(currentTarget));
  setFilters(next);
  focusNext(() => {
    const isLost = document.activeElement === document.body;
    return isLost ? list.children[Math.min(at, list.children.length - 1)]?.querySelector('button') : null;
  });
}

function ActiveChip({ names, text }: Chip): JSX.Element {
  const remove = (event: Press) =>
    filterBy(
      names.reduce((rest, name) => withFilter(rest, name, []), filters.value),
      event,
    );
  return (
    <li>
      <button class="chip" data-kind="active" type="button" title={`Remove: ${text}`} onClick={remove}>
        <span class="unseen">Remove filter </span>
        <span class="chip-text">{text}</span>
        <Icon name="close" />
      </button>
    </li>
  );
}

function QuickChip(props: { name: FilterName; value: string; text: string; count: number | null }): JSX.Element {
  const { name, value, text, count } = props;
  const isOn = name === 'device' ? filters.value.device?.join() === value : filters.value[name]?.includes(value);
  const all = facets.value?.isAll ?? true;
  const said = count === null ? '' : countText(count, 'session');
  return (
    <li>
      <button
        class="chip"
        type="button"
        aria-pressed={isOn === true}
        title={said && (all ? said : `${said} of the newest ${facets.value?.of}`)}
        onClick={(event) =>
          filterBy(
            name === 'device'
              ? withFilter(filters.value, name, isOn ? [] : [value])
              : toggled(filters.value, name, value),
            event,
          )
        }
      >
        {text} <span class="chip-count">{count === null ? '' : shortCount(count)}</span>
      </button>
    </li>
  );
}

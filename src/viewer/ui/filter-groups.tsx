// The groups of fields in the filter panel: values to choose from, least and most, yes or no.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { type Choice, RANGE_NAMES, type Range } from '../../format/list.ts';
import { SIGNALS } from '../../format/signal.ts';
import { facetsOf } from '../facet-counts.ts';
import { boundOf, boundText, CHOICE_WORDS, RANGE_WORDS, valueText } from '../filter-words.ts';
import { type Bound, type Switch, toggled, withFilter } from '../filters.ts';
import { FACETS, type FacetName, type FacetValue } from '../list-api.ts';
import { filters, setFilters } from '../list-view.ts';
import { focusNext } from './focus.ts';
import { Icon } from './icons.tsx';

/** Values shown before all are asked for; where hardly more are left, they are shown as well. */
const FEW = 6;
const FEW_MORE = 2;

/** Fields in which a value can be typed that is not offered, and how one looks. */
const TYPED: Partial<Record<Choice, string>> = {
  entry_page: '/pricing',
  page: '/pricing',
  element: 'BUTTON#pay',
  error: 'TypeError',
  source: 'news.example.com',
};

export function ChoiceGroup({ name }: { name: Choice }): JSX.Element {
  const isWhole = useSignal(false);
  const chosen = filters.value[name] ?? [];
  const offered = offeredOf(name);
  const known = new Set(offered.map(({ value }) => value));
  const all = [...chosen.filter((value) => !known.has(value)).map((value) => ({ value, count: null })), ...offered];
  const isShort = isWhole.value || all.length <= FEW + FEW_MORE;
  const seen = isShort ? all : all.filter(({ value }, i) => i < FEW || chosen.includes(value));
  const group = useRef<HTMLFieldSetElement>(null);
  const showAll = () => {
    isWhole.value = true;
    focusNext(() => group.current?.querySelectorAll('input')[seen.length]);
  };
  return (
    <fieldset class="group" ref={group}>
      <legend>{CHOICE_WORDS[name]}</legend>
      {seen.map(({ value, count }) => (
        <label class="facet" key={value} title={value}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={() => setFilters(toggled(filters.value, name, value))}
          />
          <bdi>{valueText(name, value)}</bdi>
          <span class="facet-count">{count}</span>
        </label>
      ))}
      {all.length > seen.length && (
        <button class="button" data-kind="small" type="button" onClick={showAll}>
          {all.length - seen.length} more
        </button>
      )}
      {all.length === 0 && !TYPED[name] && facetsOf(name as FacetName) && (
        <p class="group-none">None in these sessions</p>
      )}
      {TYPED[name] && <Typed name={name} hint={TYPED[name]} />}
    </fieldset>
  );
}

function offeredOf(name: Choice): (FacetValue | { value: string; count: null })[] {
  if (name === 'signal') {
    const counts = facetsOf(name)?.signals;
    return SIGNALS.map((value) => ({ value, count: counts ? (counts[value] ?? 0) : null }));
  }
  if (!(name in FACETS)) return [];
  const values = facetsOf(name as FacetName)?.values[name as FacetName] ?? [];
  return name === 'error' ? [{ value: 'any', count: null }, ...values] : [...values];
}

function Typed({ name, hint }: { name: Choice; hint: string }): JSX.Element {
  const typed = useSignal('');
  const add = (event: Event) => {
    event.preventDefault();
    const value = typed.value.trim();
    typed.value = '';
    if (value !== '' && !filters.value[name]?.includes(value)) setFilters(toggled(filters.value, name, value));
  };
  return (
    <form class="group-typed" onSubmit={add}>
      <input
        class="input"
        type="text"
        aria-label={`Another value for ${CHOICE_WORDS[name].toLowerCase()}`}
        placeholder={hint}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        maxLength={300}
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
        }}
      />
      <button class="button" data-kind="icon" type="submit" title="Add">
        <Icon name="check" />
        <span class="unseen">Add to {CHOICE_WORDS[name].toLowerCase()}</span>
      </button>
    </form>
  );
}

export function RangeGroup(): JSX.Element {
  return (
    <fieldset class="group">
      <legend>How much</legend>
      {RANGE_NAMES.map((range) => (
        <div class="range" key={range}>
          <span class="range-name" aria-hidden="true">
            {RANGE_WORDS[range]}
          </span>
          <BoundField range={range} bound={`min_${range}`} says="at least" />
          <BoundField range={range} bound={`max_${range}`} says="at most" />
        </div>
      ))}
      <p class="group-none">Times as 1:30 or in seconds</p>
    </fieldset>
  );
}

function BoundField({ range, bound, says }: { range: Range; bound: Bound; says: string }): JSX.Element {
  const kept = filters.value[bound]?.[0];
  /** What was typed and makes no sense. */
  const wrong = useSignal<string | null>(null);
  const take = (event: { currentTarget: HTMLInputElement }) => {
    const typed = event.currentTarget.value;
    const value = boundOf(range, typed);
    wrong.value = value === null ? typed : null;
    if (value !== null) setFilters(withFilter(filters.value, bound, value === '' ? [] : [value]));
  };
  return (
    <input
      class="input"
      type="text"
      inputMode={range === 'duration' || range === 'active' ? 'text' : 'numeric'}
      aria-label={`${RANGE_WORDS[range]} ${says}`}
      aria-invalid={wrong.value !== null}
      placeholder={says}
      autocomplete="off"
      value={wrong.value ?? (kept === undefined ? '' : boundText(range, kept))}
      onChange={take}
    />
  );
}

const SWITCHES: readonly { name: Switch; says: string; choices: readonly [string, string][] }[] = [
  {
    name: 'watched',
    says: 'Watched by you',
    choices: [
      ['', 'All'],
      ['false', 'Not yet'],
      ['true', 'Watched'],
    ],
  },
  {
    name: 'status',
    says: 'Running',
    choices: [
      ['', 'All'],
      ['live', 'Live'],
      ['ended', 'Ended'],
    ],
  },
  {
    name: 'identified',
    says: 'Visitor',
    choices: [
      ['', 'All'],
      ['true', 'Identified'],
      ['false', 'Anonymous'],
    ],
  },
];

export function SwitchGroup(): JSX.Element {
  return (
    <div class="group">
      {SWITCHES.map(({ name, says, choices }) => (
        <fieldset class="group" key={name}>
          <legend>{says}</legend>
          <div class="segments">
            {choices.map(([value, text]) => (
              <label class="segment" key={value}>
                <input
                  type="radio"
                  name={`filter-${name}`}
                  checked={(filters.value[name]?.[0] ?? '') === value}
                  onChange={() => setFilters(withFilter(filters.value, name, value ? [value] : []))}
                />
                <span>{text}</span>
              </label>
            ))}
          </div>
        </fieldset>
      ))}
    </div>
  );
}

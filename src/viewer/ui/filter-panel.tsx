// Every filter there is, in one panel: beside the list, which follows at once; on a phone the whole screen.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { keepFacetCounts } from '../facet-counts.ts';
import { chipsOf } from '../filter-words.ts';
import { isNarrowed } from '../filters.ts';
import { showAll, view } from '../list-view.ts';
import { facets, isReloading, isTotalFloor, total } from '../session-list.ts';
import { countText } from '../words.ts';
import { ChoiceGroup, RangeGroup, SwitchGroup } from './filter-groups.tsx';
import { Icon } from './icons.tsx';

export function FilterPanel(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const isOpen = useSignal(false);
  // Chips may be out of sight.
  const count = chipsOf(view.value.filters).length + (view.value.filters.signal?.length ?? 0);
  const open = () => {
    isOpen.value = true;
    const { bottom } = opener.current!.getBoundingClientRect();
    dialog.current?.style.setProperty('--panel-top', `${bottom + 8}px`);
    dialog.current?.showModal();
  };
  // A press beside the panel, on its backdrop, is one on the dialog itself.
  const pressed = (event: MouseEvent) => {
    if (event.target === dialog.current) dialog.current?.close();
  };
  return (
    <>
      <button ref={opener} class="chip" data-kind="add" type="button" aria-haspopup="dialog" onClick={open}>
        <Icon name="filter" />
        Filter
        {count > 0 && <span>{count}</span>}
      </button>
      <dialog
        ref={dialog}
        class="filter-panel"
        aria-labelledby="filter-title"
        onMouseDown={pressed}
        onClose={() => {
          isOpen.value = false;
        }}
      >
        {isOpen.value && <Filters close={() => dialog.current?.close()} />}
      </dialog>
    </>
  );
}

function Filters({ close }: { close: () => void }): JSX.Element {
  useEffect(keepFacetCounts, []);
  const counted = facets.value;
  return (
    <div class="filter-card">
      <div class="filter-head">
        <h2 id="filter-title">Filter sessions</h2>
        <p role="status" aria-busy={isReloading.value}>
          {isTotalFloor.value ? 'more than ' : ''}
          {countText(total.value, 'match', 'matches')}
        </p>
        <button
          class="button"
          data-kind="quiet"
          type="button"
          aria-disabled={!isNarrowed(view.value)}
          onClick={showAll}
        >
          Clear all
        </button>
        <button class="button" data-kind="main" type="button" onClick={close}>
          Done
        </button>
      </div>
      <div class="filter-groups">
        <div class="filter-columns">
          <div>
            <ChoiceGroup name="signal" />
            <RangeGroup />
            <SwitchGroup />
          </div>
          <div>
            <ChoiceGroup name="entry_page" />
            <ChoiceGroup name="page" />
            <ChoiceGroup name="element" />
          </div>
          <div>
            <ChoiceGroup name="error" />
            <ChoiceGroup name="country" />
            <ChoiceGroup name="device" />
            <ChoiceGroup name="browser" />
            <ChoiceGroup name="os" />
            <ChoiceGroup name="source" />
          </div>
        </div>
      </div>
      {counted && !counted.isAll && (
        <p class="filter-note">
          Counted in the newest {countText(counted.of, 'session')}; the list itself looks at all of them.
        </p>
      )}
    </div>
  );
}

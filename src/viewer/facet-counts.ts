// What the open filter panel offers of each field: values counted as if that field itself were not filtered by, so that a second value can be chosen with its true count.
import { effect, signal } from '@preact/signals';
import { apiKey } from './access.ts';
import { viewText, withFilter } from './filters.ts';
import { FACETS, type FacetName, type Facets, fetchFacets } from './list-api.ts';
import { view } from './list-view.ts';
import { facets } from './session-list.ts';

/** By field; of those that are not filtered by, `facets` of the whole list tells. */
const own = signal<Readonly<Partial<Record<FacetName | 'signal', Facets>>>>({});

export function facetsOf(name: FacetName | 'signal'): Facets | null {
  return (view.value.filters[name] && own.value[name]) ?? facets.value;
}

/** As long as the panel is open; gives stop. */
export function keepFacetCounts(): () => void {
  const known = new Map<string, Promise<Facets>>();
  const stopping = new AbortController();
  const stop = effect(() => {
    const asked = view.value;
    const key = apiKey.value ?? '';
    for (const name of [...(Object.keys(FACETS) as FacetName[]), 'signal' as const]) {
      if (!asked.filters[name]) continue;
      const without = { ...asked, filters: withFilter(asked.filters, name, []) };
      const text = viewText(without);
      const answer = known.get(text) ?? fetchFacets(key, without, stopping.signal);
      known.set(text, answer);
      answer.then(
        (counted) => {
          if (view.peek() === asked) own.value = { ...own.peek(), [name]: counted };
        },
        () => known.delete(text),
      );
    }
  });
  return () => {
    stop();
    stopping.abort();
    own.value = {};
  };
}

// While no session is open: those of the list that are worth watching most and were not watched yet, one press away.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { apiKey } from '../access.ts';
import { withFilter } from '../filters.ts';
import { fetchSessions, type ListedSession } from '../list-api.ts';
import { view } from '../list-view.ts';
import { answered, sessions } from '../session-list.ts';
import { choose } from '../session-open.ts';
import { clockText, countryName, pathText } from '../words.ts';
import { Worth } from './worth.tsx';

/** The style sheet shows five of them where there is no room for all. */
const COUNT = 10;

export function WorthFirst(): JSX.Element {
  /** Null: not known yet; then the places are kept free. */
  const best = useSignal<readonly ListedSession[] | null>(null);
  useEffect(() => {
    if (!sessions.peek()) return;
    const asked = view.peek();
    const unwatched = { ...asked, filters: withFilter(asked.filters, 'watched', ['false']) };
    const stopping = new AbortController();
    fetchSessions(apiKey.peek() ?? '', { ...unwatched, sort: 'worth', reversed: false }, stopping.signal, {
      limit: COUNT,
    }).then(
      (page) => {
        best.value = page.sessions;
      },
      () => undefined,
    );
    return () => stopping.abort();
  }, [answered.value]);
  return (
    <section class="worth-first" aria-label="Worth watching first" aria-busy={best.value === null}>
      <h2>Worth watching first</h2>
      <ul>
        {best.value?.map((session) => (
          <li key={session.session_id}>
            <Suggestion session={session} />
          </li>
        ))}
        {best.value?.length === 0 && <li>You have watched every session of this list.</li>}
      </ul>
    </section>
  );
}

function Suggestion({ session }: { session: ListedSession }): JSX.Element {
  const where = [pathText(session.entry_page), session.country && countryName(session.country), session.browser];
  return (
    <button class="suggestion" type="button" onClick={() => choose(session.session_id)}>
      <Worth session={session} />
      <span class="suggestion-text">
        <span class={session.headline ? 'headline' : undefined}>{session.headline ?? 'Nothing went wrong'}</span>
        <span class="suggestion-where">{where.filter(Boolean).join(' · ')}</span>
      </span>
      <span>{clockText(session.duration)}</span>
    </button>
  );
}

// Says whether the open session was watched, changes it by hand, and goes on to the next.
import type { JSX } from 'preact';
import { keyed } from '../keyboard.ts';
import { isOpenWatched, openNextUnwatched, toggleOpenWatched } from '../watched.ts';
import { IconButton } from './icon-button.tsx';
import { Icon } from './icons.tsx';

export function WatchedToggle(): JSX.Element | null {
  const watched = isOpenWatched.value;
  if (watched === null) return null;
  return (
    <button
      class="button"
      data-kind="switch"
      type="button"
      {...keyed(watched ? 'Mark as not watched' : 'Mark as watched', 'watched')}
      aria-pressed={watched}
      onClick={toggleOpenWatched}
    >
      <Icon name="eye" />
      <span class="button-text">Watched</span>
    </button>
  );
}

/** For a phone, where an open session hides the list and the button above it. */
export function NextUnwatched(): JSX.Element | null {
  if (isOpenWatched.value === null) return null;
  return <IconButton name="Next unwatched" icon="next" class="details-next" run={() => void openNextUnwatched()} />;
}

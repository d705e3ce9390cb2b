// Says whether the open session was watched, and changes it by hand.
import type { JSX } from 'preact';
import { isOpenWatched, toggleOpenWatched } from '../watched.ts';
import { Icon } from './icons.tsx';

export function WatchedToggle(): JSX.Element | null {
  const watched = isOpenWatched.value;
  if (watched === null) return null;
  return (
    <button
      class="button"
      data-kind="switch"
      type="button"
      title={watched ? 'Mark as not watched (M)' : 'Mark as watched (M)'}
      aria-keyshortcuts="M"
      aria-pressed={watched}
      onClick={toggleOpenWatched}
    >
      <Icon name="eye" />
      <span class="button-text">Watched</span>
    </button>
  );
}

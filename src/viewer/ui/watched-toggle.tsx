// Says whether the open session was watched, and changes it by hand.
import type { JSX } from 'preact';
import { openId } from '../session-open.ts';
import { isOpenWatched, setWatched } from '../watched.ts';
import { Icon } from './icons.tsx';

export function WatchedToggle(): JSX.Element | null {
  const watched = isOpenWatched.value;
  if (watched === null) return null;
  return (
    <button
      class="button"
      data-kind="switch"
      type="button"
      title={watched ? 'Mark as not watched' : 'Mark as watched'}
      aria-pressed={watched}
      onClick={() => openId.value && void setWatched(openId.value, !watched)}
    >
      <Icon name="eye" />
      <span class="button-text">Watched</span>
    </button>
  );
}

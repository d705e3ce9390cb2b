// A list that moves with the playhead until the user moves it himself, and from then on stays where he put it. Events and transcript use it.
import { type Signal, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type Size, watchSize } from '../draw/surface.ts';
import { Icon } from './icons.tsx';

/** What a user scrolls with; keys have the focus in the list. */
const HANDS = ['wheel', 'touchmove', 'pointerdown'] as const;
/** ms after which a list has come to rest from it, or is known to be held. */
const HAND_MS = 1000;

/** px from the list's beginning. */
export interface Place {
  top: number;
  height: number;
}

export interface Follow {
  /** The user holds the list. */
  isHeld: Signal<boolean>;
  onScroll: (event: { currentTarget: HTMLElement }) => void;
  onFocusIn: () => void;
  onFocusOut: () => void;
  resume: () => void;
  /** Of the list, CSS px. */
  size: Signal<Size>;
}

/** `reached` changes as time goes by; `placeOf` is asked in the frame after it, null where there is nothing to show. */
export function useFollow(
  box: RefObject<HTMLElement | null>,
  reached: () => number,
  placeOf: (index: number) => Place | null,
): Follow {
  const isHeld = useSignal(false);
  const isFocused = useSignal(false);
  /** Where this code scrolled to last; any other place the user chose. */
  const own = useRef(0);
  /** When the user last had a hand on it (performance.now): a list that grows or is wrapped anew is moved by the browser, too. */
  const handAt = useRef(Number.NEGATIVE_INFINITY);
  const size = useSignal<Size>({ width: 0, height: 0 });
  useEffect(() => watchSize(box.current!, (now) => (size.value = now)), []);
  useEffect(() => {
    const list = box.current!;
    const note = ({ type, ctrlKey }: { type: string; ctrlKey: boolean }) => {
      handAt.current = performance.now();
      // At once: before the scrolling is told, this code may have scrolled again. A press may be meant for a row.
      if (type !== 'pointerdown' && !ctrlKey && list.scrollHeight > list.clientHeight + 2) isHeld.value = true;
    };
    for (const type of HANDS) list.addEventListener(type, note, { passive: true });
    return () => {
      for (const type of HANDS) list.removeEventListener(type, note);
    };
  }, []);
  useSignalEffect(() => {
    const index = reached();
    if (isHeld.value || isFocused.value || size.value.height < 1) return;
    // In the frame that is drawn anyway: to scroll makes the browser lay the page out at once.
    const turn = requestAnimationFrame(() => {
      const list = box.current;
      const place = index < 0 ? { top: 0, height: 0 } : placeOf(index);
      // The focus may have come in this very frame, and its row must not go.
      if (!list || !place || isFocused.peek()) return;
      const { scrollTop, clientHeight } = list;
      if (place.top >= scrollTop + place.height && place.top + place.height * 2 <= scrollTop + clientHeight) return;
      const most = list.scrollHeight - clientHeight;
      own.current = Math.min(most, Math.max(0, Math.round(place.top - clientHeight / 3)));
      list.scrollTop = own.current;
    });
    return () => cancelAnimationFrame(turn);
  });
  return {
    isHeld,
    size,
    onScroll: ({ currentTarget }) => {
      const isByHand = performance.now() - handAt.current < HAND_MS;
      if (isByHand && Math.abs(currentTarget.scrollTop - own.current) > 2) isHeld.value = true;
    },
    onFocusIn: () => {
      isFocused.value = true;
    },
    onFocusOut: () => {
      isFocused.value = false;
    },
    resume: () => {
      isHeld.value = false;
    },
  };
}

export function FollowButton({ follow }: { follow: Follow }): JSX.Element | null {
  if (!follow.isHeld.value) return null;
  return (
    <button class="button panel-follow" data-kind="small" type="button" onClick={follow.resume}>
      <Icon name="follow" />
      Follow playback
    </button>
  );
}

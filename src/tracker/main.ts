// The tracker's entry: reads what the script tag says and puts the one global, `silhouette`, on the page. Bundled to /tracker.js.
import type { PropertyValue } from '../format/event.ts';
import { CUSTOM } from '../format/packed-row.ts';
import { hearClick, seeEffect } from './capture/click.ts';
import { hearError } from './capture/error.ts';
import { hearFocus } from './capture/focus.ts';
import { hearRoute } from './capture/page.ts';
import { hear, settle } from './capture/settle.ts';
import { hearPagehide, hearVisibility, visibility } from './capture/visibility.ts';
import { endLive, guard, isLive, setLive } from './guard.ts';
import { forget, hearStorage } from './identity.ts';
import { options, readOptions } from './options.ts';
import { discard, retry } from './outbox.ts';
import { cut, place } from './place.ts';
import { begin, close, emit, hearPointer, hearView, sessionId } from './queue.ts';
import { SETTLED_AFTER_MS, VIEW_AFTER_MS } from './tuning.ts';

const start = guard(() => {
  if (
    isLive ||
    (options.privacySignals != 'ignore' && ((navigator.doNotTrack as never) > 0 || navigator.globalPrivacyControl))
  )
    return;
  setLive();
  // In a tab in the background, or prerendered, nobody sees it yet.
  if (visibility == 'visible') {
    place[0] = cut(location.href);
    setTimeout(begin, VIEW_AFTER_MS);
  }
  if (options.silhouette != 'off') setTimeout(settle, SETTLED_AFTER_MS);
});

const stop = guard(() => {
  seeEffect();
  close();
  endLive();
});

const track = (name: string, properties?: Record<string, PropertyValue>): void => {
  // What cannot be told (a bigint, a getter that throws) is no reason to stop.
  try {
    emit(CUSTOM, [
      `${name}`,
      JSON.stringify(properties, (field, value) => (field && Object(value) === value ? undefined : value)),
    ]);
  } catch {}
};

const silhouette = {
  /** Records from now on, unless the visitor opted out or a privacy signal forbids it. */
  start,
  /** Sends what was captured and records no more. */
  stop,
  /** Records no more, forgets the visitor, and keeps to that on later visits. */
  optOut: guard(() => {
    stop();
    forget();
    discard();
  }),
  /** Says who the visitor is, in the site's own words. */
  identify: (id: string) => track('identify', { id }),
  /** Adds an event of the site's own; properties are texts, numbers, true, false or null. */
  track,
  /** The id under which the server keeps this session; null where there is none or the server does not say. */
  sessionId,
};

declare global {
  interface Navigator {
    globalPrivacyControl?: boolean;
  }
  interface Window {
    silhouette?: typeof silhouette;
  }
}

guard(() => {
  // Loaded a second time; an element with this id is no reason, though.
  if (window.silhouette?.track) return;
  readOptions();
  window.silhouette = silhouette;
  // What may fail in it is guarded: one more call each time would be most of what it costs.
  addEventListener('pointermove', hearPointer, true);
  const hearers = {
    click: hearClick,
    scroll: (event: Event) => {
      seeEffect();
      hearView(event);
    },
    resize: (event: Event) => {
      hear(event);
      hearView(event);
    },
    transitionend: hear,
    animationend: hear,
    load: hear,
    toggle: hear,
    focusin: hearFocus,
    copy: hear,
    input: hear,
    popstate: hearRoute,
    pagehide: hearPagehide,
    visibilitychange: hearVisibility,
    error: hearError,
    unhandledrejection: hearError,
    storage: hearStorage,
    online: retry,
  };
  // Anywhere in the page and before the page does.
  for (const type in hearers) {
    addEventListener(type, guard(hearers[type as keyof typeof hearers] as (event: Event) => void), true);
  }
  // The routes that no event tells.
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    // The page's own call comes first, with all its errors.
    history[name] = function (...args) {
      original.apply(this, args);
      hearRoute();
    };
  }
  if (options.consent != 'required') start();
})();

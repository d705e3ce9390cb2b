// The edge between stage and panel: dragged, or moved by key, it makes the panel wider; pressed, as wide as it can be and back. The panel has it where it lies beside the stage.
import type { JSX } from 'preact';
import { look } from '../draw/look.ts';
import { panelWidth } from '../preferences.ts';
import { isPlain } from './own-keys.ts';

/** rem; the style sheet's `.panel` has the same for one whose width nobody chose. */
const LEAST = 17;
const MOST = 45;
/** What it has where nobody chose: at most so many rem, and such a share of the window. */
const USUAL = 26;
const USUAL_SHARE = 0.22;
const STEP = 1;
/** Of the window, so that the stage keeps more than half of what the list leaves. */
const SHARE = 0.4;
/** px by which a pointer must move to drag. */
const DRAG = 3;

export function PanelEdge(): JSX.Element {
  const most = Math.max(LEAST, Math.min(MOST, (innerWidth * SHARE) / look.value.rem));
  const hold = (rem: number) => Math.min(most, Math.max(LEAST, rem));
  const now = (edge: HTMLElement) => (edge.parentElement?.offsetWidth ?? 0) / look.value.rem;
  const isMirrored = (edge: HTMLElement) => getComputedStyle(edge).direction === 'rtl';
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const edge = event.currentTarget;
    edge.focus({ preventScroll: true });
    edge.setPointerCapture(event.pointerId);
    const [from, width, way] = [event.clientX, now(edge), isMirrored(edge) ? 1 : -1];
    let isDragged = false;
    const move = ({ clientX }: PointerEvent) => {
      isDragged ||= Math.abs(clientX - from) >= DRAG;
      if (isDragged) panelWidth.value = hold(width + (way * (clientX - from)) / look.value.rem);
    };
    const end = ({ type }: PointerEvent) => {
      edge.removeEventListener('pointermove', move);
      if (!isDragged && type === 'pointerup') panelWidth.value = width < most - STEP ? most : null;
    };
    edge.addEventListener('pointermove', move);
    for (const type of ['pointerup', 'pointercancel'] as const) edge.addEventListener(type, end, { once: true });
  };
  const press = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const width = now(event.currentTarget);
    const way = isMirrored(event.currentTarget) ? -1 : 1;
    const wanted: Record<string, number> = {
      ArrowLeft: width + way * STEP,
      ArrowRight: width - way * STEP,
      Home: LEAST,
      End: most,
    };
    const chosen = wanted[event.key];
    if (chosen === undefined || !isPlain(event)) return;
    event.preventDefault();
    panelWidth.value = hold(chosen);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved.
    <div
      class="panel-edge"
      role="separator"
      aria-label="Width of the panel"
      aria-orientation="vertical"
      aria-valuemin={LEAST}
      aria-valuemax={Math.round(most)}
      aria-valuenow={Math.round(panelWidth.value ?? hold(Math.min(USUAL, (innerWidth * USUAL_SHARE) / look.value.rem)))}
      tabIndex={0}
      title="Drag to make the panel wider"
      onPointerDown={drag}
      onKeyDown={press}
    />
  );
}

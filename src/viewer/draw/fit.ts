// Where the visitor's viewport lies on the stage: as large as fits and centred, or as the user's camera looks at it.
import type { Frame } from '../../player/frame.ts';
import type { Rectangle } from '../../player/scene.ts';
import { meet } from '../../player/shift.ts';
import type { Size } from './surface.ts';

/** How the user looks at the page. `x`, `y`: what lies in the middle of the stage, px of the viewport, where `free` of the document. */
export interface Camera {
  /** Stage px per viewport px; null: as large as fits. */
  readonly scale: number | null;
  /** It does not follow the visitor's scrolling. */
  readonly free: boolean;
  readonly x: number;
  readonly y: number;
}

/** It shows the visitor's viewport and nothing else. */
export const FITTING: Camera = { scale: null, free: false, x: 0, y: 0 };

/** Stage px per viewport px. */
export const SCALE_MAX = 8;

export interface Place {
  /** Stage px per viewport px. */
  scale: number;
  /** The viewport's place on the stage, px; where the camera is near, parts of it lie beyond the stage. */
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Fit extends Place {
  /** What of the page is on the stage, px from the viewport's upper left corner on it. */
  seen: Rectangle;
}

type Sight = Pick<Frame, 'viewport' | 'document' | 'scroll'>;

export function fitViewport(viewport: Size, stage: Size): Place {
  const scale = fittingScale(viewport, stage);
  const width = viewport.width * scale;
  const height = viewport.height * scale;
  return { scale, width, height, left: (stage.width - width) / 2, top: (stage.height - height) / 2 };
}

function fittingScale(viewport: Size, stage: Size): number {
  return Math.min(stage.width / viewport.width, stage.height / viewport.height);
}

/** The least scale of a camera: the viewport fits, or, of a free one, the document. */
export function leastScale({ viewport, document }: Sight, stage: Size, free: boolean): number {
  const fitting = fittingScale(viewport, stage);
  return free ? Math.min(fitting, Math.max(0.02, fittingScale(document, stage))) : fitting;
}

/** The camera never looks past the viewport, or, where it is free, past the document. */
export function lookAt(sight: Sight, stage: Size, camera: Camera): Fit {
  const { viewport, document, scroll } = sight;
  const least = leastScale(sight, stage, camera.free);
  const scale =
    camera.scale === null ? fittingScale(viewport, stage) : Math.min(SCALE_MAX, Math.max(least, camera.scale));
  // Of a page that runs from right to left the document reaches to the left of where it began.
  const bounds = camera.free
    ? {
        x: Math.min(0, viewport.width - document.width) * Number(scroll.x < 0) - scroll.x,
        y: -scroll.y,
        ...sizeOf(document),
      }
    : { x: 0, y: 0, ...sizeOf(viewport) };
  const isWhole = camera.scale === null && !camera.free;
  const moved = camera.free ? { x: camera.x - scroll.x, y: camera.y - scroll.y } : camera;
  const x = middle(isWhole ? viewport.width / 2 : moved.x, stage.width / scale, bounds.x, bounds.width);
  const y = middle(isWhole ? viewport.height / 2 : moved.y, stage.height / scale, bounds.y, bounds.height);
  const left = stage.width / 2 - x * scale;
  const top = stage.height / 2 - y * scale;
  const page = { x: bounds.x * scale, y: bounds.y * scale, width: bounds.width * scale, height: bounds.height * scale };
  const seen = meet(page, { x: -left, y: -top, ...stage });
  return { scale, left, top, width: viewport.width * scale, height: viewport.height * scale, seen };
}

function sizeOf({ width, height }: Size): Size {
  return { width, height };
}

/** What is in the middle of `span` px: where they lie within `length` px from `from` on, or these within them. */
function middle(wanted: number, span: number, from: number, length: number): number {
  const [first, last] = [from + span / 2, from + length - span / 2];
  return Math.min(Math.max(Math.min(first, last), wanted), Math.max(first, last));
}

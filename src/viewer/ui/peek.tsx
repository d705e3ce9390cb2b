// The card over the timeline: what was to be seen at the time pointed at, in words and as a small picture.
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { type Frame, frameAt } from '../../player/frame.ts';
import { isWithin } from '../../player/recording.ts';
import { fitViewport } from '../draw/fit.ts';
import { look } from '../draw/look.ts';
import { looksLike } from '../draw/sight.ts';
import { prepare } from '../draw/surface.ts';
import { drawThumbnail } from '../draw/thumbnail.ts';
import type { Mark } from '../draw/timeline-marks.ts';
import type { Drawing } from '../draw/timeline-rows.ts';
import { markText } from '../mark-words.ts';
import { watched } from '../playback.ts';
import { clockText, pathText, shortText, spanText } from '../words.ts';

/** rem of the picture at most. */
const WIDTH = 13;
const HEIGHT = 8.5;
/** Of the window's height: where that is low there is little room above the timeline. */
const LOW = 0.18;
/** rem of the card at least, and what it has around its picture. */
const CARD_WIDTH = 11;
const PADDING = 0.375;
const PATH_MAX = 40;
const WORDS_MAX = 140;

export interface Pointed {
  /** px from the left of the timeline. */
  x: number;
  /** ms. */
  at: number;
  mark: Mark | null;
}

/** `lift`: px that it stands higher than it would. */
export function Peek(props: { pointed: Pointed; drawing: Drawing; lift: number }): JSX.Element | null {
  const { pointed, drawing, lift } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const recording = watched.value;
  const frame = useMemo(() => recording && frameAt(recording, pointed.at), [recording, pointed.at]);
  const drawn = useRef<{ frame: Frame; look: unknown; width: number } | null>(null);
  const { rem } = look.value;
  const room = {
    width: Math.min(WIDTH * rem, drawing.size.width * 0.5),
    height: Math.min(HEIGHT * rem, innerHeight * LOW),
  };
  const fit = fitViewport(frame?.viewport ?? room, room);
  const [width, height] = [Math.round(fit.width), Math.round(fit.height)];

  // Done with the next frame that the browser paints: never more often than it can be seen.
  useEffect(() => {
    const turn = requestAnimationFrame(() => {
      const before = drawn.current;
      if (!frame || !canvas.current) return;
      if (before?.look === look.peek() && before.width === width && looksLike(before.frame, frame)) return;
      const pen = prepare(canvas.current, { width, height }, true);
      if (!pen) return;
      drawThumbnail(pen, { width, height }, frame, look.peek());
      drawn.current = { frame, look: look.peek(), width };
    });
    return () => cancelAnimationFrame(turn);
  }, [frame, width, height, look.value]);

  if (!frame || !recording) return null;
  const half = Math.max(width + 2 * PADDING * rem, CARD_WIDTH * rem) / 2;
  const left = Math.min(Math.max(half, pointed.x), Math.max(half, drawing.size.width - half));
  const isThere = isWithin(recording.part, pointed.at);
  const state = isThere ? stateText(frame) : 'Being loaded';
  const bottom = lift > 0 ? { bottom: `calc(100% + ${lift}px + 0.375rem)` } : {};
  return (
    <div class="peek" style={{ left: `${left}px`, width: `${half * 2}px`, ...bottom }}>
      <canvas
        class="peek-picture"
        ref={canvas}
        style={{ width: `${width}px`, height: `${height}px`, visibility: isThere ? 'visible' : 'hidden' }}
      />
      <p class="peek-line">
        <b>{clockText(pointed.at)}</b> {isThere && frame.page ? shortText(pathText(frame.page), PATH_MAX) : ''}
      </p>
      {pointed.mark && (
        <p class="peek-mark" data-lane={pointed.mark.lane}>
          {shortText(markText(pointed.mark, recording, drawing.lanes), WORDS_MAX)}
        </p>
      )}
      {state && <p class="peek-state">{state}</p>}
    </div>
  );
}

function stateText({ gap, hidden, idle }: Frame): string {
  if (gap) return `${spanText(gap.to - gap.from)} of events missing`;
  if (hidden) return 'In another tab';
  return idle ? `No activity for ${spanText(idle.to - idle.from)}` : '';
}

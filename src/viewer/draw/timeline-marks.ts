// Marks on the timeline: what was found, clicks, scrolls, errors; what is too close to be told apart is one mark with its number. `timeline.ts` calls it.
import { type Cluster, clustersIn } from '../../player/cluster.ts';
import type { LaneName } from '../../player/lanes.ts';
import { shortCount } from '../words.ts';
import { type Drawing, type Pen, type Row, scaleOf, setFont, xOf } from './timeline-rows.ts';

/** px, for text of 16 px: what is closer is one mark. */
const NEAR: Record<LaneName, number> = { signals: 14, clicks: 6, scrolls: 4, others: 10 };
/** px of a mark with its number, where there are so many clicks that else no number had room. */
const NUMBERED = 22;
/** Clicks in NEAR.clicks px, on average over the session, from which on that is so. */
const DENSE = 0.6;
/** px: no mark is missed by more. */
const REACH = 7;

export interface Mark extends Cluster {
  readonly lane: LaneName;
  readonly count: number;
}

/** Depends on how near one looks, not on where: marks stay as they are while the window moves. */
function nearOf(drawing: Drawing, lane: LaneName): number {
  const ofUnit = (scaleOf(drawing) * drawing.look.rem) / 16;
  const near = NEAR[lane] * ofUnit;
  const { clicks } = drawing.lanes.at;
  const isDense = lane === 'clicks' && (clicks.length * near) / Math.max(1, drawing.recording.duration) > DENSE;
  return isDense ? NUMBERED * ofUnit : near;
}

function marksOf(drawing: Drawing, lane: LaneName): { x: number; count: number; cluster: Cluster }[] {
  const clusters = clustersIn(drawing.lanes.at[lane], drawing.window, nearOf(drawing, lane));
  return clusters.map((cluster) => ({
    x: (xOf(drawing, cluster.first) + xOf(drawing, cluster.last)) / 2,
    count: cluster.to - cluster.from,
    cluster,
  }));
}

/** The mark at a point; `isSure`: the point lies in the mark's own lane, so that it is meant. Elsewhere the gravest of those nearby. */
export function markAt(drawing: Drawing, x: number, y: number): (Mark & { x: number; isSure: boolean }) | null {
  const { rows, look } = drawing;
  const reach = (REACH * look.rem) / 16;
  const inRow = ({ top, height }: Row) => y >= top && y < top + height;
  const own = (['signals', 'clicks', 'others'] as const).find((lane) => inRow(rows[lane]));
  const lanes: readonly LaneName[] = own ? [own] : ['signals', 'others', 'clicks', 'scrolls'];
  for (const lane of lanes) {
    let best: ReturnType<typeof marksOf>[number] | null = null;
    for (const mark of marksOf(drawing, lane)) {
      if (Math.abs(mark.x - x) > reach || (best && Math.abs(best.x - x) <= Math.abs(mark.x - x))) continue;
      best = mark;
    }
    if (best) return { ...best.cluster, lane, count: best.count, x: best.x, isSure: lane === own };
  }
  return null;
}

/** The gravest first. */
const GRAVE = ['signals', 'others', 'clicks'] as const;

interface Stand {
  at: number;
  /** Null: a page begins here. */
  mark: Mark | null;
}

/** The next mark after a position or before it, or where a page begins; what stands as close together as a flag is wide is one, for the gravest of it. */
export function markBeside(drawing: Drawing, position: number, forward: boolean): Stand | null {
  const { lanes, recording, tabs } = drawing;
  const whole = { from: 0, to: recording.duration };
  const stands: Stand[] = GRAVE.flatMap((lane) =>
    clustersIn(lanes.at[lane], whole, nearOf(drawing, lane)).map((cluster) => ({
      at: cluster.first,
      mark: { ...cluster, lane, count: cluster.to - cluster.from },
    })),
  );
  for (const { chapters } of tabs) for (const { from } of chapters) stands.push({ at: from, mark: null });
  stands.sort((a, b) => a.at - b.at);
  const graveness = ({ mark }: Stand) => (mark ? GRAVE.indexOf(mark.lane as (typeof GRAVE)[number]) : GRAVE.length);
  const near = nearOf(drawing, 'signals');
  const groups: Stand[] = [];
  for (const stand of stands) {
    const group = groups.at(-1);
    if (!group || stand.at - group.at >= near) groups.push(stand);
    else if (graveness(stand) < graveness(group)) group.mark = stand.mark;
  }
  const found = forward ? groups.find(({ at }) => at > position) : groups.filter(({ at }) => at < position).at(-1);
  return found ?? null;
}

/** A flag with its staff through all lanes below, and a bar as long as it lasted. */
export function drawSignals(pen: Pen, drawing: Drawing): void {
  const { rows, look, lanes, size } = drawing;
  const marks = marksOf(drawing, 'signals');
  if (marks.length === 0) return;
  const unit = look.rem / 16;
  const middle = rows.signals.top + rows.signals.height / 2;
  pen.fillStyle = look.colour.danger;
  pen.globalAlpha = 0.16;
  pen.beginPath();
  for (const { cluster } of marks) {
    for (let i = cluster.from; i < Math.min(cluster.to, cluster.from + 8); i++) {
      const { from, to } = lanes.signals[i]!;
      const left = Math.max(-4, xOf(drawing, from));
      pen.rect(left, rows.signals.top, Math.min(size.width, xOf(drawing, to)) - left, size.height - rows.signals.top);
    }
  }
  pen.fill();
  pen.globalAlpha = 0.55;
  pen.beginPath();
  for (const { x } of marks) pen.rect(Math.round(x), middle, 1, size.height - middle);
  pen.fill();
  pen.globalAlpha = 1;
  setFont(pen, drawing, 700, 0.625);
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  for (const { x, count } of marks) {
    const text = count > 1 ? shortCount(count) : '!';
    const width = Math.max(14 * unit, pen.measureText(text).width + 8 * unit);
    pen.fillStyle = look.colour.danger;
    pen.beginPath();
    pen.roundRect(x - width / 2, middle - 7 * unit, width, 14 * unit, 4 * unit);
    pen.fill();
    pen.strokeStyle = look.colour.surface;
    pen.lineWidth = 1;
    pen.stroke();
    pen.fillStyle = look.colour.surface;
    pen.fillText(text, x, middle + 0.5);
  }
}

/** Bars that grow with their number, which stands beside them where there is room. */
export function drawClicks(pen: Pen, drawing: Drawing): void {
  const { rows, look } = drawing;
  const unit = look.rem / 16;
  const middle = rows.clicks.top + rows.clicks.height / 2;
  const marks = marksOf(drawing, 'clicks');
  pen.beginPath();
  for (const { x, count } of marks) {
    const tall = rows.clicks.height * Math.min(0.9, 0.56 + 0.09 * Math.log2(count));
    const wide = (count > 1 ? 4 : 3) * unit;
    pen.roundRect(x - wide / 2, middle - tall / 2, wide, tall, wide / 2);
  }
  pen.fillStyle = look.colour.click;
  pen.fill();

  setFont(pen, drawing, 650, 0.625);
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.fillStyle = look.colour['ink-soft'];
  for (const [i, { x, count }] of marks.entries()) {
    if (count === 1) continue;
    const left = x + 4 * unit;
    const text = shortCount(count);
    const next = marks[i + 1];
    if (!next || left + pen.measureText(text).width < next.x - 3 * unit) pen.fillText(text, left, middle + 0.5);
  }
}

export function drawScrolls(pen: Pen, drawing: Drawing): void {
  const { rows, look } = drawing;
  const unit = look.rem / 16;
  const middle = rows.scrolls.top + rows.scrolls.height / 2;
  pen.beginPath();
  for (const { x, count } of marksOf(drawing, 'scrolls')) {
    const tall = rows.scrolls.height * Math.min(0.92, 0.42 + 0.12 * Math.log2(count));
    pen.roundRect(x - unit, middle - tall / 2, 2 * unit, tall, unit);
  }
  pen.fillStyle = look.colour.scroll;
  pen.fill();
}

/** Errors as triangles, what the site reported as rings. */
export function drawOthers(pen: Pen, drawing: Drawing): void {
  const { rows, look, lanes } = drawing;
  if (rows.others.height === 0) return;
  const unit = look.rem / 16;
  const middle = rows.others.top + rows.others.height / 2;
  const marks = marksOf(drawing, 'others').map((mark) => {
    const within = lanes.others.slice(mark.cluster.from, Math.min(mark.cluster.to, mark.cluster.from + 50));
    return { ...mark, isError: within.some(({ kind }) => kind === 'error') };
  });
  pen.beginPath();
  for (const { x, isError } of marks) {
    if (!isError) continue;
    pen.moveTo(x - 5 * unit, middle + 4.5 * unit);
    pen.lineTo(x, middle - 4.5 * unit);
    pen.lineTo(x + 5 * unit, middle + 4.5 * unit);
    pen.closePath();
  }
  pen.fillStyle = look.colour.error;
  pen.fill();
  pen.beginPath();
  for (const { x, isError } of marks) {
    if (isError) continue;
    pen.moveTo(x + 3.5 * unit, middle);
    pen.arc(x, middle, 3.5 * unit, 0, Math.PI * 2);
  }
  pen.strokeStyle = look.colour.accent;
  pen.lineWidth = 2 * unit;
  pen.stroke();
}

// One scripted minute of a busy visit, the same for every tracker, and the page it goes to. Called by tracker.bench.ts.
import type { CDPSession } from 'playwright-core';

/** A page of about 1,500 elements with a list that lives; `scripts` come first on it. */
export function visitedPage(scripts: string): string {
  const row = (i: number) =>
    `<article class="card card-${i % 7}" id="card-${i}"><h3>Article ${i}</h3><p>Some words <b>about</b> it, <i>and</i> more.</p><a href="#">Read on</a></article>`;
  return `${scripts}<style>body{margin:0;font:14px sans-serif}main{display:grid;grid-template-columns:repeat(4,1fr);gap:8px}
    article{height:150px;overflow:hidden;background:#eee}aside{position:fixed;right:0;top:0;width:200px;height:300px;overflow:hidden}</style>
    <input id="field" style="position:fixed;left:8px;bottom:8px"><aside><ul id="live"></ul></aside>
    <main>${Array.from({ length: 240 }, (_, i) => row(i)).join('')}</main>
    <script>
      const live = document.getElementById('live');
      let n = 0;
      setInterval(() => {
        const item = document.createElement('li');
        item.textContent = 'News ' + ++n;
        live.prepend(item);
        if (live.children.length > 12) live.lastChild.remove();
      }, 500);
      const longTasks = [];
      new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    </script>`;
}

interface Step {
  /** ms from the start of the visit. */
  at: number;
  run(client: CDPSession): Promise<unknown>;
}

const MINUTE = 60_000;
const PRESSES = 13;
/** ms between two mouse moves, and how many there are before each press. */
const FRAME = 1000 / 60;
const MOVES = 138;

/** 1,794 moves in 13 bursts, each ending in a click, 39 steps of the wheel, 91 keys and 4 routes. */
function steps(): Step[] {
  const steps: Step[] = [];
  const mouse =
    (type: string, x: number, y: number, more: object = {}) =>
    (client: CDPSession) =>
      client.send('Input.dispatchMouseEvent', { type, x, y, ...more } as never);
  const press = { button: 'left', clickCount: 1 };
  for (let i = 0; i < PRESSES; i++) {
    const start = (i * (MINUTE - 500)) / PRESSES;
    // A hand's way: from place to place along a bow, fast in the middle.
    const place = (k: number): [number, number] => [(180 + ((k * 397) % 820)) | 0, (120 + ((k * 263) % 460)) | 0];
    const [fromX, fromY] = place(i);
    const [toX, toY] = place(i + 1);
    for (let k = 1; k <= MOVES; k++) {
      const t = k / MOVES;
      const eased = t * t * (3 - 2 * t);
      const x = fromX + (toX - fromX) * eased + 60 * Math.sin(Math.PI * 3 * t);
      const y = fromY + (toY - fromY) * eased + 40 * Math.sin(Math.PI * 2 * t);
      steps.push({ at: start + k * FRAME, run: mouse('mouseMoved', Math.round(x), Math.round(y)) });
    }
    const pressed = start + MOVES * FRAME + 60;
    steps.push({ at: pressed, run: mouse('mousePressed', toX, toY, press) });
    steps.push({ at: pressed + 70, run: mouse('mouseReleased', toX, toY, press) });
    for (let k = 0; k < 3; k++) {
      const deltaY = i % 4 === 3 ? -300 : 180;
      steps.push({ at: pressed + 300 + k * 90, run: mouse('mouseWheel', toX, toY, { deltaX: 0, deltaY }) });
    }
    for (let k = 0; k < 7; k++) {
      const key = { key: 'a', code: 'KeyA', text: 'a' };
      const at = pressed + 800 + k * 110;
      steps.push({ at, run: (client) => client.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key }) });
      steps.push({ at: at + 40, run: (client) => client.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'a' }) });
    }
    if (i % 3 === 2) {
      const expression = `history.pushState(null, '', '/shop/list/${i}')`;
      steps.push({ at: pressed + 1700, run: (client) => client.send('Runtime.evaluate', { expression }) });
    }
  }
  return steps.sort((a, b) => a.at - b.at);
}

/** Plays the visit in real time; resolves after its minute. */
export async function visit(client: CDPSession): Promise<void> {
  const began = performance.now();
  const wait = (at: number) =>
    new Promise((resolve) => setTimeout(resolve, Math.max(0, began + at - performance.now())));
  const under: Promise<unknown>[] = [];
  for (const { at, run } of steps()) {
    await wait(at);
    under.push(run(client));
  }
  await Promise.all(under);
  await wait(MINUTE);
}

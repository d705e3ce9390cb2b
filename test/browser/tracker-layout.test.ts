// The page's outline in a recording: what of a page is told, when, and what never is.
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ClickEvent, LayoutEvent } from '../../src/format/event.ts';
import { BOX } from '../../src/format/layout.ts';
import { encodePacked } from '../../src/format/packed.ts';
import { CHROMIUM } from './harness.ts';
import { OUTLINE_TAG, TAG } from './tracker-harness.ts';
import { useSite } from './use-site.ts';

const used = useSite();

const layouts = () => used.site.events().filter((event) => event.event_type === 'layout') as LayoutEvent[];
/** Waits for a layout that `fits`; asking for the id sends at once what was captured. */
const layoutWhere = async (page: Page, what: string, fits: (layout: LayoutEvent) => unknown): Promise<LayoutEvent> => {
  await expect
    .poll(async () => page.evaluate(() => window.silhouette!.sessionId()).then(() => layouts().some(fits)), {
      message: what,
    })
    .toBe(true);
  return layouts().find(fits)!;
};
const boxAt = (layout: LayoutEvent, ...place: number[]) =>
  layout.boxes?.find((box) => place.every((value, i) => box[BOX.x + i] === value));

describe.skipIf(!CHROMIUM)('the outline of a page', () => {
  beforeEach(() => {
    used.site.clear();
    used.complaints.splice(0);
  });

  it('tells surfaces, text, pictures and controls with fixed, sticky and scrolling parts, and none of the words', async () => {
    const page = await used.visit(
      used.site.page(
        '/outline',
        `<style>body{margin:0;background:#123;color:#eee;font:16px/20px monospace}header{position:sticky;top:0;height:50px;background:#333}
        #fixed{position:fixed;left:1000px;top:600px;width:60px;height:60px;background:oklch(1 0 0)}
        #box{height:100px;overflow:auto}#hide{width:100px;height:40px}</style>
        <header></header><div id="fixed"></div><div id="box"><p style="margin:0;height:900px">canary</p></div>
        <input value="canary" placeholder="canary" style="position:absolute;left:200px;top:300px;width:90px;height:30px;box-sizing:border-box">
        <img src="data:,canary" alt="canary" title="canary" style="position:absolute;left:400px;top:300px;width:50px;height:50px">
        <div id="hide" data-silhouette="hide"><b>canary</b><button>canary</button></div>
        <x-host style="display:block;position:absolute;left:600px;top:300px"><i>canary</i></x-host>
        <script>document.querySelector('x-host').attachShadow({ mode: 'open' }).innerHTML = '<div style="background:#0f0;width:80px;height:40px"><slot></slot></div>'</script>${OUTLINE_TAG}`,
      ),
    );
    const layout = await layoutWhere(page, 'the first outline', ({ whole }) => whole);
    const colour = (box?: number[], column: number = BOX.fill) => layout.palette![box![column]! - 1];
    expect(layout).toMatchObject({ number: 1, viewport_width: 1280 });
    expect(colour(layout.boxes![0])).toBe('#123');
    expect(boxAt(layout, 0, 0, 1280, 50)).toMatchObject({ [BOX.kind]: 8 });
    const fixed = boxAt(layout, 1000, 600, 60, 60)!;
    expect(fixed[BOX.kind]).toBe(4);
    expect(colour(fixed)).toBe('#fff');
    const scroller = boxAt(layout, 0, 50, 1280, 100)!;
    expect(scroller[BOX.kind]).toBe(12);
    expect(layout.boxes!.find((box) => box[BOX.within] === scroller[BOX.element])![BOX.kind]).toBe(1);
    expect(boxAt(layout, 200, 300, 90, 30)![BOX.kind]).toBe(3);
    expect(boxAt(layout, 400, 300, 50, 50)![BOX.kind]).toBe(2);
    expect(colour(boxAt(layout, 600, 300, 80, 40))).toBe('#0f0');
    const hidden = boxAt(layout, 0, 150, 100, 40)!;
    expect(colour(hidden)).toBe('#0001');
    expect(layout.boxes!.filter(([, x, y]) => x! < 100 && y! >= 150 && y! < 190)).toEqual([hidden]);

    await page.evaluate(() => document.querySelector('#box')!.scrollTo(0, 120));
    const moved = await layoutWhere(page, 'the nested scrolling', ({ scrolled }) =>
      scrolled?.some((row) => row[2] === 120),
    );
    expect(moved.scrolled).toContainEqual([scroller[BOX.element], 0, 120]);
    await page.keyboard.type('canary');
    await page.evaluate(() => window.silhouette!.sessionId());
    expect(used.site.arrivals.some(({ body }) => body.includes('canary'))).toBe(false);
    await page.context().close();
  });

  it('tells only what changed, and that it is gone again', async () => {
    const page = await used.visit(
      used.site.page(
        '/dialog',
        `<body><button onclick="d.showModal()">Open</button><dialog id="d"><p>In it</p></dialog>${OUTLINE_TAG}`,
      ),
    );
    const { boxes } = await layoutWhere(page, 'the first outline', ({ number }) => number === 1);
    await page.click('button');
    const opened = await layoutWhere(
      page,
      'the dialog',
      ({ number, boxes }) => number! > 1 && boxes?.some((box) => box[BOX.level] === 1e6),
    );
    expect(opened.whole).toBe(false);
    expect(opened.boxes!.every((box) => !boxes!.some((before) => before.join() === box.join()))).toBe(true);
    await page.keyboard.press('Escape');
    const closed = await layoutWhere(
      page,
      'the closed dialog',
      ({ number, removed }) => number! > opened.number! && removed?.length,
    );
    expect(opened.boxes!.map((box) => box[BOX.element])).toEqual(expect.arrayContaining(closed.removed!));
    await page.context().close();
  });

  it('says how soon something happened after a click, or that nothing did', async () => {
    const page = await used.visit(
      used.site.page(
        '/effect',
        `<body><button id="works" onclick="this.append('!')">a</button><p id="dead">b</p>
        <button id="copies" onclick="getSelection().selectAllChildren(document.querySelector('#dead')); document.execCommand('copy')">c</button>${OUTLINE_TAG}`,
      ),
    );
    await layoutWhere(page, 'the first outline', ({ whole }) => whole);
    await page.click('#dead');
    const clicks = () => used.site.events().filter((event) => event.event_type === 'click') as ClickEvent[];
    await expect.poll(() => page.evaluate(() => window.silhouette!.sessionId()).then(() => clicks().length)).toBe(1);
    await page.click('#works');
    await expect.poll(() => page.evaluate(() => window.silhouette!.sessionId()).then(() => clicks().length)).toBe(2);
    expect(clicks()[0]!.effect_ms).toBeNull();
    expect(clicks()[1]!.effect_ms).toBeLessThan(1000);
    await page.click('#copies');
    await expect.poll(() => page.evaluate(() => window.silhouette!.sessionId()).then(() => clicks().length)).toBe(3);
    expect(clicks()[2]!.effect_ms).toBeLessThan(1000);
    await page.context().close();
  });

  it('looks at no element before the page has settled, and at none where it is switched off', async () => {
    const spy = `<script>window.looked = []; const real = getComputedStyle; window.getComputedStyle = (element) => { looked.push(performance.now()); return real(element) }</script>`;
    const off = await used.visit(used.site.page('/off', `<body>${spy}<p>b</p>${TAG}`));
    const on = await used.visit(used.site.page('/on', `<body>${spy}<p>b</p>${OUTLINE_TAG}`));
    await layoutWhere(on, 'the first outline', ({ whole }) => whole);
    expect(await on.evaluate(() => (window as unknown as { looked: number[] }).looked[0])).toBeGreaterThan(1000);
    expect(await off.evaluate(() => (window as unknown as { looked: number[] }).looked.length)).toBe(0);
    expect(layouts().every(({ page }) => page.endsWith('/on'))).toBe(true);
    await Promise.all([on.context().close(), off.context().close()]);
  });

  it('that cannot be taken leaves the rest of the recording and the page alone', async () => {
    const page = await used.visit(
      used.site.page(
        '/broken',
        `<body><script>OffscreenCanvas.prototype.getContext = () => { throw new Error('no') }</script><p>b</p>${OUTLINE_TAG}`,
      ),
    );
    await page.waitForFunction(() => performance.now() > 2500);
    await page.mouse.click(300, 300);
    await used.site.until('the click', () => used.site.events().some((event) => event.event_type === 'click'));
    expect(layouts()).toEqual([]);
    expect(used.complaints).toEqual([]);
    await page.context().close();
  });

  it('costs at most 10 kB in any minute of a page that never rests, and goes on being told', async () => {
    const url = used.site.page(
      '/restless',
      `<body><ul></ul><script>const list = document.querySelector('ul'); let n = 0;
      setInterval(() => { n++; list.innerHTML = Array.from({ length: 150 }, (_, i) => '<li style="width:' + (99 + (i * 37 + n * 53) % 400) + 'px;background:#eee">' + i).join('') }, 250)</script>${OUTLINE_TAG}`,
    );
    const page = await used.browser.newPage();
    await page.clock.install();
    await page.goto(url);
    for (let i = 0; i < 26; i++) {
      await page.clock.runFor(5000);
      await page.evaluate(() => window.silhouette!.sessionId());
    }
    const sizes = layouts().map((layout): [at: number, size: number] => [
      layout.timestamp,
      encodePacked([layout], layout.timestamp).length,
    ]);
    for (const [from] of sizes) {
      const minute = sizes.filter(([at]) => at >= from && at < from + 60_000);
      expect(minute.reduce((sum, [, size]) => sum + size, 0)).toBeLessThanOrEqual(10_000);
    }
    expect(sizes.at(-1)![0] - sizes[0]![0]).toBeGreaterThan(100_000);
    expect(sizes.reduce((sum, [, size]) => sum + size, 0)).toBeGreaterThan(11_000);
    await page.close();
  });

  it('is whole again in the next session, though the page did not change', async () => {
    const page = await used.visit(used.site.page('/next', `<body><p>b</p>${OUTLINE_TAG}`));
    const first = await layoutWhere(page, 'the first outline', ({ whole }) => whole);
    await page.evaluate(() => {
      const { now } = Date;
      Date.now = () => now() + 31 * 60_000;
    });
    await page.mouse.click(200, 200);
    const next = await layoutWhere(
      page,
      'that of the next session',
      ({ timestamp }) => timestamp > first.timestamp + 60_000,
    );
    expect(next).toMatchObject({ number: 1, whole: true, boxes: first.boxes });
    await page.context().close();
  });

  it('takes words that follow each other on a line for one, and fields for as many as they are', async () => {
    const page = await used.visit(
      used.site.page(
        '/words',
        `<style>body{margin:0;font:16px/20px monospace}input{position:absolute;top:100px;width:40px;height:30px;box-sizing:border-box;border:0;background:#eee}</style>
        <body><p style="margin:0">one <b style="font-weight:400">two</b> <i style="font-style:normal;color:#00f">three</i></p>
        <input style="left:0"><input style="left:45px">${OUTLINE_TAG}`,
      ),
    );
    const { boxes } = await layoutWhere(page, 'the first outline', ({ whole }) => whole);
    expect(boxes!.filter((box) => box[BOX.kind] === 1)).toHaveLength(2);
    expect(boxes!.filter((box) => box[BOX.kind] === 3)).toHaveLength(2);
    await page.context().close();
  });

  it('tells by differences what a whole one would, whatever changes', async () => {
    const card = (i: number) =>
      `<article class="card"><h3>Card ${i}</h3><p>Some <b>words</b> about <span><i>5</i> s</span> of it <em>and</em> more</p>
        <div class="pane"><ul><li>a</li><li>b</li></ul></div></article>`;
    const url = used.site.page(
      '/any',
      `<style>body{margin:0;font:14px/18px monospace}.card{margin:4px;background:#eee}.pane{height:40px;overflow:auto;background:#fed}
        .dark{background:#222;color:#ddd}.on ~ .card{background:#0af}.wide{width:50%}#check:checked ~ main{border-bottom:3px solid #f00}
        header{position:sticky;top:0;background:#fff}aside{position:fixed;right:0;top:50px;width:90px;height:90px;background:#dfd}</style>
        <body><header>Top <b>of</b> it</header><input type="checkbox" id="check"><main>${[1, 2, 3, 4].map(card).join('')}</main><aside><p>fixed</p></aside>
        <x-host></x-host><script>document.querySelector('x-host').attachShadow({ mode: 'open' }).innerHTML = '<p style="background:#fcf">shadow <b>it</b></p>'</script>${OUTLINE_TAG}`,
    );
    const page = await used.browser.newPage();
    await page.clock.install();
    await page.goto(url);
    await page.clock.runFor(5000);
    for (let step = 0; step < STEPS; step++) {
      await page.evaluate(change, step);
      await page.clock.runFor(60_000);
      // The session goes on, and its next outline is a whole one.
      await page.evaluate(() => {
        window.silhouette!.stop();
        window.silhouette!.start();
      });
      await page.clock.runFor(5000);
      await page.evaluate(() => window.silhouette!.sessionId());
      const told = layouts().filter(({ number }) => number);
      const whole = told.findLastIndex((layout) => layout.whole);
      expect(pageAfter(told.slice(0, whole)), `step ${step}`).toEqual(pageAfter(told.slice(whole)));
    }
    const count = (isWhole: boolean) => layouts().filter(({ number, whole }) => number && whole === isWhole).length;
    expect(count(true)).toBe(STEPS + 1);
    expect(count(false)).toBeGreaterThan(STEPS / 2);
    await page.close();
  });
});

/** Each way of `change` once. */
const STEPS = 19;

/** Of each element its boxes, with their colours. */
function pageAfter(told: LayoutEvent[]): Record<number, string[]> {
  let page: Record<number, string[]> = {};
  for (const { whole, removed, boxes, palette } of told) {
    if (whole) page = {};
    for (const element of removed ?? []) delete page[element];
    for (const box of boxes ?? []) delete page[box[BOX.element]!];
    for (const box of boxes ?? []) {
      const colours = [BOX.fill, BOX.line].map((column) => palette?.[box[column]! - 1]);
      const rest = box.filter((_, column) => column !== BOX.fill && column !== BOX.line);
      const element = box[BOX.element]!;
      page[element] = [...(page[element] ?? []), [...rest, ...colours].join(' ')];
    }
  }
  return page;
}

/** Changes the page in one of many ways; which, and where, follows from the step. */
function change(step: number): void {
  const pick = (selector: string, salt = 1): HTMLElement => {
    const all = document.querySelectorAll<HTMLElement>(selector);
    return all[(step * 7 + salt * 13) % all.length]!;
  };
  const ways: (() => void)[] = [
    () => pick('span i').append('5'),
    () => pick('article').classList.toggle('dark'),
    () => document.body.classList.toggle('dark'),
    () => pick('header,.card').classList.toggle('on'),
    () => pick('ul').prepend(Object.assign(document.createElement('li'), { textContent: `new ${step}` })),
    () => pick('li').remove(),
    () => document.body.prepend(Object.assign(document.createElement('p'), { textContent: 'first of all' })),
    () => pick('article').classList.toggle('wide'),
    () => pick('main', 1).append(pick('article', 2)),
    () => {
      document.querySelector('x-host')!.shadowRoot!.querySelector('b')!.textContent = `it ${step}`;
    },
    () =>
      document.head.append(
        Object.assign(document.createElement('style'), {
          textContent: `em{color:#${100 + step};background:#9${step % 9}9}`,
        }),
      ),
    () => {
      pick('b').firstChild!.nodeValue = `words ${step}`;
    },
    () => document.getElementById('check')!.click(),
    () => scrollBy(0, 60),
    () => pick('.pane').scrollBy(0, 9),
    () => {
      pick('h3').hidden = !pick('h3').hidden;
    },
    () => {
      pick('article').style.transform = `translateX(${step}px)`;
    },
    () => document.documentElement.toggleAttribute('dir') && document.documentElement.setAttribute('dir', 'rtl'),
    () => {
      pick('em').innerHTML = `and <u>this ${step}</u>`;
    },
  ];
  ways[(step * 11) % ways.length]!();
}

// What our tracker records in a real browser, and what is found in it: signals where something is wrong, none where all is well.
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import type { SentEvent } from '../../src/format/event.ts';
import type { Finding, Signal } from '../../src/format/signal.ts';
import { CHROMIUM } from './harness.ts';
import { OUTLINE_TAG } from './tracker-harness.ts';
import { useSite } from './use-site.ts';

const used = useSite();

const STYLE = '<style>.strip{transition:translate .2s}.box{width:200px;height:80px}</style>';
const ELSEWHERE = '/elsewhere';
let pages = 0;
/** A bound for what comes in its own time. */
const PATIENCE = { timeout: 20_000 };

/** Sends at once what was captured, and gives the session's id. */
const flush = (page: Page) => page.evaluate(() => window.silhouette!.sessionId());

/** Visits a page of its own, does something there once effects are heard, and gives what is found once as many clicks have been told. */
async function findingsAfter(
  html: string,
  act: (page: Page) => Promise<void>,
  clicks: number,
): Promise<Pick<Finding, 'signal' | 'reason'>[]> {
  used.site.page(ELSEWHERE, `<p>Elsewhere${OUTLINE_TAG}`);
  const url = used.site.page(`/page-${++pages}`, `${STYLE}<main>${html}</main>${OUTLINE_TAG}`);
  const page = await used.visit(url);
  const isOutline = (event: SentEvent) => event.event_type === 'layout' && event.page === url;
  await vi.waitUntil(() => flush(page).then(() => used.site.events().some(isOutline)), PATIENCE);
  await act(page);
  let found: Finding[] = [];
  const told = async () => {
    const id = await flush(page);
    const { session, events } = (await (await used.site.get(`/replay/sessions/${id}`)).json()) as {
      session: { findings: Finding[] };
      events: { event_type: string }[];
    };
    found = session.findings;
    return events.filter((event) => event.event_type === 'click').length;
  };
  await vi.waitFor(async () => expect(await told()).toBe(clicks), PATIENCE);
  await page.context().close();
  return found.map(({ signal, reason }) => ({ signal, reason }));
}

/** Clicks as a hand does, `ms` apart. */
async function press(page: Page, selector: string, count: number, ms: number): Promise<void> {
  const box = (await page.locator(selector).boundingBox())!;
  for (let i = 0; i < count; i++) {
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    if (i < count - 1) await page.waitForTimeout(ms);
  }
}

/** The same of a hand that waits for no page to answer. */
async function hit(page: Page, selector: string, count: number, ms: number): Promise<void> {
  const box = (await page.locator(selector).boundingBox())!;
  const mouse = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, button: 'left', clickCount: 1 } as const;
  const sent: Promise<unknown>[] = [];
  for (let i = 0; i < count; i++) {
    for (const type of ['mousePressed', 'mouseReleased'] as const)
      sent.push(mouse.send('Input.dispatchMouseEvent', { type, ...at }));
    await page.waitForTimeout(ms);
  }
  await Promise.all(sent);
}

/** With the mouse, from elsewhere, as a hand does. */
async function comeOnto(page: Page, selector: string): Promise<void> {
  const box = (await page.locator(selector).boundingBox())!;
  await page.mouse.move(box.x + 300, box.y + 200);
  await page.waitForTimeout(200);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 });
}

/** With the browser's button; the page that comes is told before more is done. */
async function goBack(page: Page): Promise<void> {
  const views = () => used.site.events().filter(({ event_type }) => event_type === 'page_view').length;
  const before = views();
  await page.goBack();
  await used.site.until('the page before', () => views() > before);
}

/** Into each, and a while there. */
async function fill(page: Page, ...fields: string[]): Promise<void> {
  for (const field of fields) {
    await page.locator(field).click();
    await page.waitForTimeout(150);
  }
}

const signalsOf = (found: { signal: Signal }[]) => found.map(({ signal }) => signal);

// Side by side: a hand's pauses are most of a visit.
describe.skipIf(!CHROMIUM).concurrent('a visit in which something is wrong', () => {
  it('a dead button that is hit again and again is a rage click and a dead click', async () => {
    // More than it takes: a machine with much to do makes pauses between them.
    const found = await findingsAfter('<button id="pay">Pay</button>', (page) => hit(page, '#pay', 9, 100), 9);
    expect(new Set(signalsOf(found))).toEqual(new Set(['rage_click', 'dead_click']));
    const rage = found.find(({ signal }) => signal === 'rage_click');
    expect(rage!.reason).toMatch(/^\d clicks in \d\.\d s on BUTTON#pay, nothing happened/);
  });

  it('a button that does nothing is a dead click', async () => {
    const found = await findingsAfter('<button id="save">Save</button>', (page) => press(page, '#save', 1, 0), 1);
    expect(found.map(({ reason }) => reason)).toEqual(['1 click on BUTTON#save, nothing happened within 1 s']);
  });

  it('a button whose script fails is an error click', async () => {
    const html = '<button id="buy" onclick="this.textContent=1;missing.call()">Buy</button>';
    const found = await findingsAfter(html, (page) => press(page, '#buy', 1, 0), 1);
    expect(found.map(({ signal, reason }) => [signal, reason.replace(/\d\.\d/, 'N')])).toEqual([
      ['error_click', 'ReferenceError N s after a click on BUTTON#buy'],
    ]);
  });

  it('a form that is left is an abandoned form', async () => {
    const html = `<form><input id="name"><input id="mail"><button id="send">Send</button></form><a id="away" href="${ELSEWHERE}">Away</a>`;
    const leave = async (page: Page) => {
      // As a hand does: what comes at once is taken for a box that was ticked.
      await fill(page, '#name', '#mail');
      await page.locator('#away').click();
      await page.waitForURL(`**${ELSEWHERE}`);
      await used.site.until('the next page', () =>
        used.site.events().some((event) => event.event_type === 'page_view' && event.page.endsWith(ELSEWHERE)),
      );
    };
    const found = await findingsAfter(html, leave, 3);
    expect(found.map(({ signal, reason }) => [signal, reason.replace(/\d+\.\d/, 'N')])).toEqual([
      ['abandoned_form', '2 fields gone into, INPUT#mail last, left N s later without sending'],
    ]);
  });

  it('a form that is left by the browser’s Back is one', async () => {
    const html = `<form><input id="name"><input id="mail"><button id="send">Send</button></form>`;
    const there = used.site.page('/form', `${html}${OUTLINE_TAG}`);
    const back = async (page: Page) => {
      await page.locator('#on').click();
      await page.waitForURL(there);
      await fill(page, '#name', '#mail');
      await goBack(page);
    };
    const found = await findingsAfter(`<a id="on" href="/form">On</a>`, back, 3);
    // Whether it was quick besides depends on the machine.
    expect(signalsOf(found)).toContain('abandoned_form');
  });

  it('a mouse that rests for seven seconds on a button before it presses it is a hesitation', async () => {
    const html = `<button id="buy" onclick="this.textContent='Thanks'">Buy</button>`;
    const rest = async (page: Page) => {
      await comeOnto(page, '#buy');
      await page.waitForTimeout(7000);
      await page.mouse.down();
      await page.mouse.up();
    };
    const found = await findingsAfter(html, rest, 1);
    // The last move may be told up to a tenth of a second late.
    expect(found.map(({ signal, reason }) => [signal, reason.replace(/^(6\.9|[7-9]\.\d|\d\d\.\d)/, 'N')])).toEqual([
      ['hesitation', 'N s on BUTTON#buy before the click'],
    ]);
  }, 30_000);
});

describe.skipIf(!CHROMIUM).concurrent('a visit in which all is well', () => {
  it.each<[string, string, (page: Page) => Promise<void>, number]>([
    [
      'a stepper',
      '<button id="plus" onclick="count.textContent++">+</button><output id="count">0</output>',
      (page) => press(page, '#plus', 8, 150),
      8,
    ],
    [
      'a carousel',
      '<button id="on" onclick="at=(window.at||0)+1;strip.style.translate=-at*40+\'px\'">›</button><div id="strip" class="strip box">1 2 3</div>',
      (page) => press(page, '#on', 6, 250),
      6,
    ],
    [
      'a word and a line that are selected',
      '<p id="text">Some words to be read and kept</p>',
      async (page) => {
        await page.locator('#text').dblclick({ delay: 40 });
        await page.locator('#text').click({ clickCount: 3, delay: 40 });
      },
      5,
    ],
    [
      'fields, boxes and lists',
      '<input id="name"><textarea id="why"></textarea><label><input id="tick" type="checkbox">Yes</label><input id="loud" type="range">',
      async (page) => {
        for (const field of ['#name', '#why', '#tick', '#loud', '#name']) await page.locator(field).click();
        await page.locator('#name').click();
      },
      6,
    ],
    [
      'what opens and closes',
      '<details><summary id="more">More</summary>All of it</details><button id="menu" popovertarget="list">Menu</button><div id="list" popover>A list</div>',
      async (page) => {
        await press(page, '#more', 2, 700);
        await press(page, '#menu', 2, 1200);
      },
      4,
    ],
    [
      'a download and a place in the page',
      '<a id="file" download="a.txt" href="data:,a">File</a> <a id="below" href="#end">Below</a><div style="height:3000px"></div><p id="end">End</p>',
      async (page) => {
        await press(page, '#file', 2, 1200);
        await press(page, '#below', 1, 0);
      },
      3,
    ],
    [
      'a form that is sent by Enter',
      '<form onsubmit="event.preventDefault();this.textContent=`Thanks`"><input id="name"><input id="mail"><button>Send</button></form>',
      async (page) => {
        await page.locator('#name').click();
        await page.locator('#mail').click();
        await page.keyboard.press('Enter');
      },
      3,
    ],
    [
      'a form whose script hears Enter and opens a route of its own',
      `<div id="form"><input id="user"><input id="password"></div><script>form.onkeydown=(e)=>{if(e.key==='Enter'){history.pushState(0,'','/inside');form.textContent='Welcome'}}</script>`,
      async (page) => {
        await fill(page, '#user', '#password');
        await page.keyboard.press('Enter');
        await used.site.until('the route', () => used.site.events().some(({ page }) => page.endsWith('/inside')));
      },
      2,
    ],
    [
      'a form that is sent without leaving the page, which then goes back to its first field',
      `<form onsubmit="event.preventDefault();this.title='.';send.textContent='Sending';fetch('/health').then(()=>setTimeout(()=>{this.reset();this[0].focus()},1200))"><input id="name"><input id="mail"><button id="send">Send</button></form><a id="away" href="${ELSEWHERE}">Away</a>`,
      async (page) => {
        await fill(page, '#name', '#mail');
        await page.locator('#send').click();
        await page.waitForFunction(() => document.activeElement?.id === 'name');
        await page.locator('#away').click();
        await page.waitForURL(`**${ELSEWHERE}`);
      },
      4,
    ],
    [
      'a login that a password manager fills in and sends',
      `<form action="${ELSEWHERE}"><input id="user" autofocus><input id="password" type="password"><button>Log in</button></form>`,
      async (page) => {
        await page.evaluate(() => {
          const form = document.querySelector('form')!;
          for (const field of form.querySelectorAll('input')) {
            field.focus();
            field.value = 'x';
            field.dispatchEvent(new Event('input', { bubbles: true }));
          }
          form.submit();
        });
        await page.waitForURL(`**${ELSEWHERE}*`);
      },
      0,
    ],
    [
      'a search, a newsletter of one field, and a dialog that is opened and closed twice',
      `<input id="site-search" type="search"><input id="newsletter"><button id="open" onclick="d.showModal();setTimeout(()=>a.focus(),300)">Join</button><dialog id="d"><button id="shut" class="close" onclick="d.close()">×</button><input id="a"></dialog><a id="away" href="${ELSEWHERE}">Away</a>`,
      async (page) => {
        await fill(page, '#site-search', '#newsletter');
        for (let i = 0; i < 2; i++) {
          await page.locator('#open').click();
          await page.waitForFunction(() => document.activeElement?.id === 'a');
          await page.locator('#shut').click();
        }
        await page.locator('#away').click();
        await page.waitForURL(`**${ELSEWHERE}`);
      },
      7,
    ],
    [
      'a form that is sent, and Back to it and on again',
      `<form action="${ELSEWHERE}"><input id="name"><input id="mail"><button id="send">Send</button></form>`,
      async (page) => {
        await fill(page, '#name', '#mail');
        await page.locator('#send').click();
        await page.waitForURL(`**${ELSEWHERE}*`);
        await used.site.until('the next page', () =>
          used.site.events().some((event) => event.event_type === 'page_view' && event.page.endsWith(ELSEWHERE)),
        );
        await page.waitForTimeout(5500);
        await goBack(page);
        await page.waitForTimeout(700);
        await page.goForward();
      },
      3,
    ],
    [
      'a mouse that waits on what turns the pages, and one that rests on a button while the page is scrolled',
      '<button id="gallery-next" onclick="n.textContent++">›</button><output id="n">0</output><button id="buy" style="position:fixed;top:300px;left:300px" onclick="n.textContent++">Buy</button><div style="height:4000px"></div>',
      async (page) => {
        await comeOnto(page, '#gallery-next');
        await page.waitForTimeout(6500);
        await page.mouse.down();
        await page.mouse.up();
        await comeOnto(page, '#buy');
        await page.waitForTimeout(3500);
        await page.mouse.wheel(0, 300);
        await page.waitForTimeout(3000);
        await page.mouse.down();
        await page.mouse.up();
      },
      2,
    ],
    [
      'a held key',
      '<button id="hold">Hold</button>',
      async (page) => {
        await page.evaluate(() =>
          (document.querySelector('#hold') as HTMLElement).addEventListener('click', () => (document.title += '.')),
        );
        await page.locator('#hold').focus();
        await page.keyboard.down('Enter');
        for (let i = 0; i < 5; i++) await page.keyboard.down('Enter');
        await page.keyboard.up('Enter');
      },
      6,
    ],
  ])(
    '%s',
    async (_, html, act, clicks) => {
      expect(await findingsAfter(html, act, clicks)).toEqual([]);
    },
    40_000,
  );
});

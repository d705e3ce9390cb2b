// That no byte of an outline depends on what a page says or what is typed into it: pages that differ in nothing else are told alike.
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LayoutEvent } from '../../src/format/event.ts';
import { encodePacked } from '../../src/format/packed.ts';
import { CHROMIUM } from './harness.ts';
import { OUTLINE_TAG } from './tracker-harness.ts';
import { useSite } from './use-site.ts';

const used = useSite();

const PAIRS = 6;
/** Pairs at a time. */
const AT_ONCE = 3;
const STYLE = `<style>body{margin:8px;font:16px/20px monospace}a,button,option{font:inherit}img,iframe,canvas{width:60px;height:30px}
  input,select,textarea,[contenteditable]{width:180px;height:30px;overflow:hidden}textarea{resize:none}</style>`;

/** What a page says: words of equal widths in both, and whatever shows in none. */
interface Saying {
  word(length: number): string;
  /** Of any length. */
  free: string;
}

const KINDS: Record<string, (said: Saying, length: number) => string> = {
  text: ({ word, free }, n) => `<p id="${free}" class="${free}" title="${free}">${word(n)}<b>${word(3)}</b></p>`,
  link: ({ word, free }, n) => `<div><a href="/${free}" data-a="${free}" aria-label="${free}">${word(n)}</a></div>`,
  picture: ({ free }) =>
    `<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><!--${free}--></svg>" alt="">`,
  field: ({ free }) => `<input value="${free}" placeholder="${free}" name="${free}">`,
  area: ({ free }) => `<textarea>${free}</textarea>`,
  choice: ({ free }) => `<select><option>${free}<option>${free}${free}</select>`,
  button: ({ word, free }, n) => `<button value="${free}">${word(n)}</button>`,
  written: ({ free }) => `<div contenteditable>${free}</div>`,
  hidden: ({ free }) => `<div hidden>${free}</div><!--${free}--><template>${free}</template>`,
  kept: ({ free }) =>
    `<section data-silhouette="hide" style="width:90px;height:20px;overflow:hidden">${free}</section>`,
  frame: ({ free }) => `<iframe srcdoc="${free}"></iframe>`,
  drawing: ({ free }) => `<svg width="30" height="30"><text>${free}</text></svg>`,
  shadow: ({ word }, n) =>
    `<x-host><script>document.currentScript.parentNode.attachShadow({mode:'open'}).innerHTML='<i>${word(n)}</i>'</script></x-host>`,
};

const page = fc.record({
  blocks: fc.array(
    fc.record({ kind: fc.constantFrom(...Object.keys(KINDS)), length: fc.integer({ min: 1, max: 30 }) }),
    { minLength: 5, maxLength: 40 },
  ),
  free: fc.tuple(fc.stringMatching(/^[a-m]{1,40}$/), fc.stringMatching(/^[n-z]{1,40}$/)),
});

/** The page's outlines as they travel, without their times and addresses. */
const outlines = (url: string): string[] =>
  used.site.events().flatMap((event) => {
    if (event.event_type !== 'layout' || event.page !== url) return [];
    const { event_id: _, ...layout } = event as LayoutEvent & { event_id?: string };
    return [encodePacked([{ ...layout, page: 'https://example.com/', timestamp: 0 }], 0)];
  });

const untilOutlines = async (tab: Page, url: string, count: number): Promise<string[]> => {
  const look = async () => {
    await tab.evaluate(() => window.silhouette!.sessionId());
    return outlines(url).length;
  };
  await expect.poll(look, { message: `outline ${count} of ${url}` }).toBe(count);
  return outlines(url);
};

/** What is told of a page that says this, into which it is typed, too. */
async function tell(path: string, blocks: { kind: string; length: number }[], letters: string, free: string) {
  const word = (length: number) =>
    Array.from({ length }, (_, i) => letters[(i * 7 + length) % letters.length]).join('');
  const html = blocks.map(({ kind, length }) => KINDS[kind]!({ word, free }, length)).join('\n');
  const url = used.site.page(path, `${STYLE}<body>${html}<input id="typed"><div id="last"></div>${OUTLINE_TAG}`);
  const tab = await used.visit(url);
  await untilOutlines(tab, url, 1);
  await tab.focus('#typed');
  await tab.keyboard.type(free);
  await tab.evaluate(() => {
    document.querySelector('#last')!.innerHTML = '<hr>';
  });
  const told = await untilOutlines(tab, url, 2);
  await tab.context().close();
  return told;
}

describe.skipIf(!CHROMIUM)('an outline', () => {
  beforeEach(() => used.site.clear());

  it('is the same, byte for byte, whatever the words, the values, the addresses and the attributes are', async () => {
    const seed = Date.now() | 0;
    const waiting = fc.sample(page, { numRuns: PAIRS, seed }).map((said, n) => ({ ...said, n }));
    const teller = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { blocks, free, n } = next;
        const [one, other] = await Promise.all([
          tell(`/said-${n}-one`, blocks, 'abcdefgh', free[0]),
          tell(`/said-${n}-other`, blocks, 'stuvwxyz', free[1]),
        ]);
        expect(one[0]!.length).toBeGreaterThan(50);
        expect(other, `seed ${seed}, page ${n}: ${JSON.stringify(blocks)}`).toEqual(one);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, teller));
  }, 120_000);

  it('differs where the lines are of other widths', async () => {
    const one = await tell('/wide', [{ kind: 'text', length: 10 }], 'abc', 'a');
    const other = await tell('/wider', [{ kind: 'text', length: 11 }], 'abc', 'a');
    expect(other).not.toEqual(one);
  });

  it('holds nothing of what is written, typed, pasted or hidden', async () => {
    const CANARY = 'canary';
    const all = Object.values(KINDS)
      .map((write) => write({ word: () => CANARY, free: CANARY }, 6))
      .join('\n');
    const url = used.site.page('/canary', `${STYLE}<body>${all}<input id="typed"><div id="last"></div>${OUTLINE_TAG}`);
    const tab = await used.visit(url);
    await untilOutlines(tab, url, 1);
    await tab.focus('#typed');
    await tab.keyboard.type(CANARY);
    await tab.keyboard.press('Control+A');
    await tab.keyboard.press('Control+C');
    await tab.focus('textarea');
    await tab.keyboard.press('Control+V');
    expect(await tab.inputValue('textarea')).toBe(CANARY + CANARY);
    await tab.evaluate(() => {
      document.querySelector('#last')!.innerHTML = '<hr>';
    });
    await untilOutlines(tab, url, 2);
    const sent = used.site.arrivals.map(({ body, batch }) => body + JSON.stringify(batch.events)).join('\n');
    // The page's own address is told, the rest of it is not.
    expect(sent.replaceAll('/canary"', '"').replaceAll('/canary', '')).not.toMatch(/canary/i);
    expect(sent).toContain('"boxes"');
    await tab.context().close();
  });
});

// What axe finds wrong on a page. For the viewer's browser tests.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * By every rule that axe has, of every level, those that are off by default too; but for one that is an experiment and does not know that
 * a separator which is moved by keys is a widget: https://www.w3.org/TR/wai-aria-1.2/#separator
 * What lies where does not depend on the colours: in the other theme only the contrast is looked at.
 */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const found = await look(page, 'all');
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  await page.emulateMedia({ colorScheme: isDark ? 'light' : 'dark' });
  const other = await look(page, 'contrast');
  await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' });
  return [...found, ...other.map((violation) => `in the other theme: ${violation}`)];
}

function look(page: Page, rules: 'all' | 'contrast'): Promise<string[]> {
  return page.evaluate(async (wanted) => {
    const axe = (window as unknown as { axe: typeof import('axe-core') }).axe;
    // A theme is heard of with the next frame, and its colours may take a moment.
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    const changing = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(changing.map(({ finished }) => finished));
    const { violations } = await axe.run(document, {
      resultTypes: ['violations'],
      runOnly:
        wanted === 'all'
          ? axe.getRules().flatMap(({ ruleId }) => (ruleId === 'focus-order-semantics' ? [] : ruleId))
          : ['color-contrast', 'color-contrast-enhanced'],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
    );
  }, rules);
}

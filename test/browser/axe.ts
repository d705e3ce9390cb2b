// What axe finds wrong on a page. For the viewer's browser tests.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * `all`: every rule that axe has, of every level, those that are off by default too; but for one that is an experiment and does not know that
 * a separator which is moved by keys is a widget: https://www.w3.org/TR/wai-aria-1.2/#separator
 */
export async function violations(page: Page, rules: 'all' | 'contrast' = 'all'): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async (wanted) => {
    const axe = (window as unknown as { axe: typeof import('axe-core') }).axe;
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

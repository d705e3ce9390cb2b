// What axe finds wrong on a page. For the viewer's browser tests.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function violations(page: Page, rules: 'all' | 'contrast' = 'all'): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async (wanted) => {
    const axe = (window as unknown as { axe: typeof import('axe-core') }).axe;
    const { violations } = await axe.run(document, {
      resultTypes: ['violations'],
      ...(wanted === 'all'
        ? { rules: { 'target-size': { enabled: true }, 'color-contrast-enhanced': { enabled: true } } }
        : { runOnly: ['color-contrast', 'color-contrast-enhanced'] }),
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
    );
  }, rules);
}

// What `npm run deploy` would put on Cloudflare, without going there.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { environment, ROOT } from '../fixtures/server.ts';

/** Bytes, packed, that the free plan takes. */
const SIZE_MAX = 3 * 1024 * 1024;
const config = readFileSync(join(ROOT, 'wrangler.jsonc'), 'utf8');

function deploy(args: string[] = [], token = '') {
  const home = temporaryFolder();
  const env = environment({
    HOME: home,
    XDG_CONFIG_HOME: home,
    CI: '1',
    CLOUDFLARE_API_TOKEN: token,
    CLOUDFLARE_API_BASE_URL: 'http://127.0.0.1:9',
  });
  return spawnSync('node', [join(ROOT, 'scripts/deploy.mjs'), ...args], { cwd: home, env, encoding: 'utf8' });
}

describe('npm run deploy', () => {
  it('makes a Worker that the free plan takes', () => {
    const { status, stdout, stderr } = deploy(['--dry-run', '--outdir', join(temporaryFolder(), 'worker')]);
    expect(status, stdout + stderr).toBe(0);
    const [, size, unit] = /gzip: ([\d.]+) (\w+)/.exec(stdout)!;
    expect(Number(size) * ({ KiB: 1024, MiB: 1024 * 1024 }[unit!] ?? Number.NaN)).toBeLessThan(SIZE_MAX);
    for (const binding of ['SESSIONS', 'BUCKET', 'DB']) expect(stdout).toContain(`env.${binding}`);
  });

  it('needs no id of a resource, and no plan that has limits to set', () => {
    expect(config).not.toMatch(/"(limits|database_id|bucket_name|account_id)"/);
  });

  it('says how to log in where nobody is', () => {
    const { status, stderr } = deploy();
    expect(status).toBe(1);
    expect(stderr).toContain('npx wrangler login');
  });

  it('says so where Cloudflare does not answer', () => {
    const { status, stderr } = deploy([], 'a-token-of-no-account');
    expect(status).toBe(1);
    expect(stderr).toContain('is there a network');
    expect(stderr).not.toContain('a-token-of-no-account');
  });
});

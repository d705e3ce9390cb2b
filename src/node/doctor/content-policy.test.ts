// Rulings of Content-Security-Policies, as the specification has them.
import { describe, expect, it } from 'vitest';
import { type Deed, parsePolicies, rule } from './content-policy.ts';
import { policyCheck } from './policy-checks.ts';

const SCRIPT: Deed = {
  kind: 'script',
  page: new URL('https://shop.example/'),
  urls: [new URL('https://replay.example:8443/in/tracker.js')],
  nonce: '',
  integrity: '',
  isAdded: false,
};

describe('a policy about the script', () => {
  it.each([
    ["img-src 'none'", 'allows'],
    ["default-src 'self'", 'blocks'],
    ["default-src 'none'; script-src https://replay.example:8443", 'allows'],
    ["script-src 'none'; script-src-elem https://replay.example:8443", 'allows'],
    ["script-src https://replay.example:8443; script-src-elem 'self'", 'blocks'],
    ["script-src 'self'; script-src *", 'blocks'],
    ['script-src', 'blocks'],
    ['script-src *', 'allows'],
    ['SCRIPT-SRC https:', 'allows'],
    ['script-src http:', 'allows'],
    ['script-src data: blob:', 'blocks'],
    ['script-src https://replay.example', 'blocks'],
    ['script-src https://replay.example:*', 'allows'],
    ['script-src replay.example:8443', 'allows'],
    ['script-src Replay.Example:8443', 'allows'],
    ['script-src https://*.example:8443', 'allows'],
    ['script-src https://*.replay.example:8443', 'blocks'],
    ['script-src https://replay.example:8443/in/', 'allows'],
    ['script-src https://replay.example:8443/in', 'blocks'],
    ['script-src https://replay.example:8443/in/tracker.js', 'allows'],
    ['script-src https://replay.example:8443/out/', 'blocks'],
    ["script-src 'unsafe-inline' 'unsafe-eval'", 'blocks'],
    ["script-src 'nonce-abc'", 'blocks'],
    ["script-src 'strict-dynamic' https:", 'blocks'],
  ])('%s: %s', (text, answer) => {
    expect(rule(parsePolicies(text, 'header')[0]!, SCRIPT).answer).toBe(answer);
  });

  it.each<[string, Partial<Deed>, string]>([
    ["script-src 'nonce-abc'", { nonce: 'abc' }, 'allows'],
    ["script-src 'nonce-abc' 'strict-dynamic'", { nonce: 'abc' }, 'allows'],
    ["script-src 'nonce-abc'", { nonce: 'ABC' }, 'blocks'],
    ["script-src 'NONCE-abc'", { nonce: 'abc' }, 'allows'],
    ["script-src 'nonce-abc' 'strict-dynamic'", { isAdded: true }, 'unknown'],
    ["script-src 'nonce-abc'", { isAdded: true }, 'unknown'],
    ["script-src 'self'", { isAdded: true }, 'blocks'],
    ["script-src 'sha256-x='", { integrity: 'sha256-x=' }, 'unknown'],
    ["script-src 'sha256-y='", { integrity: 'sha256-x=' }, 'blocks'],
    ["script-src 'self'", { urls: [new URL('https://shop.example/tracker.js')] }, 'allows'],
    ["script-src 'self'", { urls: [new URL('https://shop.example:444/tracker.js')] }, 'blocks'],
    ["script-src 'self'", { page: new URL('http://a.example/'), urls: [new URL('https://a.example/')] }, 'allows'],
    ['script-src a.example', { page: new URL('http://b.example/'), urls: [new URL('https://a.example/')] }, 'allows'],
    ['script-src a.example', { urls: [new URL('http://a.example/')] }, 'blocks'],
    [
      'script-src a.example:80',
      { page: new URL('http://b.example/'), urls: [new URL('https://a.example/')] },
      'allows',
    ],
    ['script-src a.example/x', { urls: [new URL('https://a.example/x'), new URL('https://b.example/x')] }, 'blocks'],
    ['script-src a.example/x', { urls: [new URL('https://a.example/x'), new URL('https://a.example/y')] }, 'allows'],
  ])('%s, with %j: %s', (text, more, answer) => {
    expect(rule(parsePolicies(text, 'header')[0]!, { ...SCRIPT, ...more }).answer).toBe(answer);
  });
});

describe('a policy about sending', () => {
  const send: Deed = { ...SCRIPT, kind: 'connect', urls: [new URL('https://replay.example/collect')], nonce: 'abc' };

  it.each([
    ["script-src 'none'", 'allows'],
    ["default-src 'self'", 'blocks'],
    ["default-src 'none'; connect-src https://replay.example", 'allows'],
    ["connect-src 'nonce-abc'", 'blocks'],
    ['connect-src wss://replay.example', 'blocks'],
  ])('%s: %s', (text, answer) => {
    expect(rule(parsePolicies(text, 'header')[0]!, send).answer).toBe(answer);
  });

  it('needs all policies to allow, and the words say what to add and where', () => {
    const policies = [
      ...parsePolicies("connect-src *, default-src 'self'", 'header'),
      ...parsePolicies('connect-src https:', 'meta tag'),
    ];
    expect(policies).toHaveLength(3);
    const { level, text } = policyCheck(policies, send);
    expect(level).toBe('problem');
    expect(text).toContain(
      '(header) does not let it send: add a connect-src with what default-src has now, and https://replay.example.',
    );
    expect(policyCheck(policies.slice(0, 1), send).level).toBe('ok');
    expect(policyCheck([], send).level).toBe('ok');
  });
});

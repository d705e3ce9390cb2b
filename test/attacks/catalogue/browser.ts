// Attacks on whoever watches: texts that a stranger may send, or find a way into a store with. Run by browser.test.ts, each sent, planted in an object, and put into an answer.

/** A text in one field of one event, and what may be seen of it. */
export interface HostileText {
  /** Of the catalogue; a neighbour bears the id of the attack beside which it stands, with a letter. */
  id: string;
  field: 'element' | 'page' | 'event_type';
  text: string;
  /** How it is shown after it was sent; null: ingest refuses the event. */
  sent: string | null;
  /** How it is shown where a store or a proxy has it though ingest would not; null: the event is passed over and counted. */
  planted: string | null;
}

const NOWHERE = 'Unknown page';

const element = (id: string, text: string): HostileText => ({ id, field: 'element', text, sent: text, planted: text });
/** An address that is none of the web. */
const alien = (id: string, text: string): HostileText => ({ id, field: 'page', text, sent: null, planted: NOWHERE });
const kind = (id: string, text: string): HostileText => ({
  id,
  field: 'event_type',
  text,
  sent: null,
  planted: null,
});

export const HOSTILE_TEXTS: readonly HostileText[] = [
  element('P067', 'IMG#x.<img src=x onerror=__pwn()>'),
  element('P067a', 'A.<svg/onload=__pwn()>'),
  element('P067b', `DIV#"'><body onpageshow=__pwn()>`),
  element('P067c', 'B.<template shadowrootmode=open><script>__pwn()</script>'),
  element('P067d', 'B#$[__pwn()]{{__pwn()}}<%=__pwn()%>'),
  alien('P068', 'javascript:__pwn()'),
  alien('P068a', 'JaVaScRiPt:__pwn()//https://e.x/'),
  alien('P068b', 'java\tscript:__pwn()'),
  alien('P068c', '\u0001javascript://e.x/%0a__pwn()'),
  alien('P068d', 'data:text/html,<script>parent.__pwn()</script>'),
  alien('P068e', 'blob:https://e.x/00000000-0000-0000-0000-000000000000'),
  {
    id: 'P069',
    field: 'page',
    text: 'https://user:pw@e.x/?q="><svg onload=__pwn()>',
    sent: null,
    planted: 'https://e.x/?q=%22%3E%3Csvg%20onload=__pwn()%3E',
  },
  {
    id: 'P069a',
    field: 'page',
    text: 'https://user:pw@e.x/?q="><svg/onload=__pwn()>',
    sent: 'https://e.x/',
    planted: 'https://e.x/?q=%22%3E%3Csvg/onload=__pwn()%3E',
  },
  {
    id: 'P069b',
    field: 'page',
    text: 'https://user:pw@e.x/"><svg/onload=__pwn()>',
    sent: 'https://e.x/"><svg/onload=__pwn()>',
    planted: 'https://e.x/%22%3E%3Csvg/onload=__pwn()%3E',
  },
  { id: 'P069c', field: 'page', text: 'https://user:pw@e.x:80@f.x/', sent: 'https://f.x/', planted: 'https://f.x/' },
  kind('P072', '<style>@import url(//evil.test/a)</style>'),
  kind('P072a', '<link rel=stylesheet href=//evil.test/a>'),
  kind('P072b', 'click"><img src=//evil.test/a>'),
  kind('P072c', '__proto__'),
  kind('P072d', 'constructor'),
  {
    id: 'P074',
    field: 'page',
    text: `https://e.x/${'long/'.repeat(380)}"><svg/onload=__pwn()>`,
    sent: `https://e.x/${'long/'.repeat(380)}"><svg/onload=__pwn()>`,
    planted: `https://e.x/${'long/'.repeat(380)}"><svg/onload=__pwn()>`,
  },
  alien('P079', 'vbscript:msgbox(1)'),
  alien('P079a', 'file:///etc/passwd'),
  alien('P079b', 'ftp://e.x/'),
  alien('P079c', 'chrome://settings/'),
  alien('P079d', 'about:srcdoc'),
  alien('P079e', '//evil.test/'),
  alien('P079f', 'ws://e.x/'),
];

/** Who a stranger says he is. Ingest refuses each; in a list each is text. */
export const HOSTILE_VISITORS: readonly string[] = [
  '"><img src=x onerror=__pwn()>',
  '<b>bold</b>',
  "'-__pwn()-'",
  '" autofocus onfocus=__pwn() x="',
  '</bdi><script>__pwn()</script>',
  '\u202emoc.elpmaxe\u202c',
];

/** Events of which no number or time is one. */
export const SENSELESS_EVENTS: readonly Record<string, unknown>[] = [
  { event_type: 'mousemove', x: null, y: 1 },
  { event_type: 'mousemove', x: 1, y: 'a' },
  { event_type: 'mousemove', x: 1, y: 1, timestamp: null },
  { event_type: 'mousemove', x: [], y: {} },
  { event_type: 'click', x: -1e300, y: 1, element: 'A' },
  { event_type: 'click', x: 1, y: 1, element: { toString: '<b>' } },
  { event_type: 'scroll', scroll_percent: '<b>' },
  { event_type: 'page_view', page: ['https://e.x/'] },
  { event_type: 'visibility_change', state: '<b>' },
  { event_type: 'custom', name: 7 },
];

/** What may stand in the viewer's own address, from the path on. */
export const HOSTILE_ADDRESSES: readonly string[] = [
  '?visitor_id=%3Csvg%20onload%3D__pwn()%3E',
  '?q=%22%3E%3Cimg%20src%3Dx%20onerror%3D__pwn()%3E#session=%3Cscript%3E__pwn()%3C%2Fscript%3E',
  '#session="><img src=x onerror=__pwn()>&t="><svg onload=__pwn()>',
  '#session=javascript:__pwn()&t=1e999',
  '#session=..%2F..%2Fcollect&t=-1',
  '#session=%00&t=NaN',
  '#<img src=x onerror=__pwn()>',
  '#session=__proto__&t=%F0%28%8C%BC',
];

/** What a server, or whatever is in between, may answer instead of what was asked. */
export const HOSTILE_ANSWERS: readonly { status: number; type: string; body: string }[] = [
  { status: 500, type: 'application/json', body: '{"error":"<img src=x onerror=__pwn()>"}' },
  { status: 503, type: 'application/problem+json', body: '{"detail":"<img src=x onerror=__pwn()>"}' },
  { status: 503, type: 'application/problem+json', body: '{"detail":{"toString":"<b>"},"title":["<b>"]}' },
  { status: 429, type: 'text/html', body: '<script>__pwn()</script>' },
  { status: 400, type: 'application/problem+json', body: '{"detail":"\\"><svg onload=__pwn()>"}' },
  { status: 200, type: 'text/html', body: '<img src=x onerror=__pwn()>' },
  { status: 200, type: 'application/json', body: '"<img src=x onerror=__pwn()>"' },
];

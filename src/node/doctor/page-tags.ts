// HTML → its script, meta and base tags, as a browser finds them: none in comments, templates or the text of other elements. Called by page.ts.

export interface Tag {
  name: 'script' | 'meta' | 'base';
  /** By name in lower case; an attribute without a value has ''. */
  attributes: Map<string, string>;
  /** Of a script: what stands between its tags. */
  text: string;
  /** A policy in a meta tag counts in the head alone. */
  inHead: boolean;
}

/** What is text up to its end tag, where scripts are switched on. */
const RAW = /^(script|style|textarea|title|noscript|iframe|xmp|noembed|noframes)$/;
const OF_HEAD = /^(html|head|meta|link|title|script|style|base|noscript|template|noframes)$/;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** `<!doctype>`, `<?x>` and `</ >` end at the first `>`, whatever stands in them. */
const MARKUP = /<!--|<(?:[!?]|\/(?![a-z]))[^>]*|<(\/?)([a-z][^\s/>]*)/gi;

/** In order. Takes time in proportion to the text, whatever it is. */
export function tagsOf(html: string): Tag[] {
  const tags: Tag[] = [];
  const markup = new RegExp(MARKUP);
  let templates = 0;
  let inHead = true;
  for (let found = markup.exec(html); found; found = markup.exec(html)) {
    const [all, slash] = found;
    if (all === '<!--') {
      const end = after(html, /--!?>/g, found.index + 2);
      if (!end) break;
      markup.lastIndex = end.to;
      continue;
    }
    const name = found[2]?.toLowerCase();
    if (name === undefined) continue;
    const read = attributesAt(html, markup.lastIndex);
    // It is not whole: a browser ignores it, too.
    if (!read) break;
    let end = read.end;
    if (slash) {
      if (name === 'template' && templates > 0) templates--;
      if (name === 'head') inHead = false;
    } else {
      if (!OF_HEAD.test(name) && templates === 0) inHead = false;
      if (name === 'template') templates++;
      let text = '';
      if (RAW.test(name)) {
        const close = after(html, new RegExp(`</${name}(?=[\\s/>])`, 'gi'), end);
        text = html.slice(end, close?.from);
        end = close?.from ?? html.length;
      }
      if (templates === 0 && (name === 'script' || name === 'meta' || name === 'base'))
        tags.push({ name, attributes: read.attributes, text, inHead });
    }
    markup.lastIndex = end;
  }
  return tags;
}

function after(html: string, pattern: RegExp, from: number): { from: number; to: number } | null {
  pattern.lastIndex = from;
  const found = pattern.exec(html);
  return found && { from: found.index, to: pattern.lastIndex };
}

/** The attributes that begin here, and where their tag has ended; null: it never does. */
function attributesAt(html: string, start: number): { attributes: Map<string, string>; end: number } | null {
  const attributes = new Map<string, string>();
  const name = /[\s/]*(>|=?[^\s/>=]*)/y;
  const value = /\s*=\s*/y;
  const bare = /[^\s>]*/y;
  let at = start;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(html);
    if (found) at = pattern.lastIndex;
    return found;
  };
  while (at < html.length) {
    const key = take(name)![1]!.toLowerCase();
    if (key === '>') return { attributes, end: at };
    let text = '';
    if (take(value)) {
      const quote = html[at];
      if (quote === '"' || quote === "'") {
        const end = html.indexOf(quote, at + 1);
        if (end < 0) return null;
        text = html.slice(at + 1, end);
        at = end + 1;
      } else text = take(bare)![0];
    }
    // The first of two counts.
    if (key !== '' && !attributes.has(key)) attributes.set(key, decoded(text));
  }
  return null;
}

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (all, decimal, hex, name) => {
    if (name) return ENTITIES[name.toLowerCase()]!;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

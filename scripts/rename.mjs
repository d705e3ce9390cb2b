// The names of a script's own variables, and the script under other ones. Called by bundle-tracker.mjs and name-tracker.mjs.
import { parseSync } from 'vite';

/** Patterns by what they hold. */
const PARTS = {
  ObjectPattern: ({ properties }) => properties.map((part) => part.value ?? part.argument),
  ArrayPattern: ({ elements }) => elements,
  AssignmentPattern: ({ left }) => [left],
  RestElement: ({ argument }) => [argument],
};
const idsOf = (pattern) => {
  if (pattern?.type === 'Identifier') return [pattern];
  return (PARTS[pattern?.type]?.(pattern) ?? []).flatMap(idsOf);
};

/** What a node declares in the scope that it opens; undefined: it opens none. */
function declaredBy(node, flat) {
  const inBody = (body) => body.flatMap((one) => (one.type === 'VariableDeclaration' ? namesIn(one) : []));
  const namesIn = ({ declarations }) => declarations.flatMap(({ id }) => idsOf(id));
  /** A body whose variables must not be named like the parameters. */
  const within = ({ type, body }, ids) => {
    if (type !== 'BlockStatement') return ids;
    flat.add(body);
    return [...ids, ...inBody(body)];
  };
  switch (node.type) {
    case 'Program':
    case 'BlockStatement':
      return flat.has(node.body) ? undefined : inBody(node.body);
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      if (node.id) break;
      return within(node.body, node.params.flatMap(idsOf));
    case 'CatchClause':
      return within(node.body, idsOf(node.param));
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
      return inBody([node.init ?? node.left].filter(Boolean));
  }
  if (/^(Function|Class)|^(Labeled|Break|Continue|Switch|With)Statement/.test(node.type) && (node.id ?? node.label))
    throw new Error(`cannot rename in a ${node.type}`);
}

/**
 * The variables of a script in order of appearance, with the place of each use. `top` of each: the variable of the whole
 * script in whose declaration it stands. `rivals`: the numbers of those that must not have its name.
 */
export function variablesOf(code) {
  const variables = [];
  const uses = [];
  const globals = new Set();
  const flat = new Set();
  const shorthands = new Set();
  const visit = (node, scope, top) => {
    if (Array.isArray(node)) for (const one of node) visit(one, scope, top);
    if (!node?.type) return;
    if (node.type === 'Identifier') {
      uses.push({
        start: node.start,
        end: node.end,
        name: node.name,
        property: shorthands.has(node) && node.name,
        scope,
        top,
      });
      return;
    }
    if (node.shorthand) shorthands.add(node.value.left ?? node.value);
    const declared = declaredBy(node, flat);
    const inner = declared ? { parent: scope, own: new Map() } : scope;
    for (const { name } of declared ?? []) {
      if (!inner.own.has(name)) inner.own.set(name, { name, scope: inner, live: new Set(), rivals: new Set() });
    }
    for (const [key, part] of Object.entries(node)) {
      if ((key === 'property' || key === 'key') && !node.computed) continue;
      const isTop = node.type === 'VariableDeclarator' && !scope?.parent?.parent;
      const name = isTop && idsOf(node.id)[0]?.name;
      if (typeof part === 'object') visit(part, inner, top ?? (name || undefined));
    }
  };
  visit(parseSync('tracker.js', code, { sourceType: 'module' }).program, undefined, undefined);
  uses.sort((a, b) => a.start - b.start);
  for (const use of uses) {
    let scope = use.scope;
    while (scope && !scope.own.has(use.name)) scope = scope.parent;
    use.of = scope?.own.get(use.name);
    if (!use.of) {
      globals.add(use.name);
      continue;
    }
    if (use.of.number === undefined) {
      use.of.number = variables.push(use.of) - 1;
      use.of.top = use.top ?? '';
    }
    for (let live = use.scope; live !== scope; live = live.parent) use.of.live.add(live);
    use.of.live.add(scope);
  }
  for (const one of variables)
    for (const other of variables)
      if (one !== other && one.live.has(other.scope)) {
        one.rivals.add(other.number);
        other.rivals.add(one.number);
      }
  return { code, variables, uses: uses.filter(({ of }) => of), globals };
}

/** That script with `names[i]` for the i-th variable. */
export function renamed({ code, uses }, names) {
  let text = '';
  let at = 0;
  for (const { start, end, of, property } of uses) {
    const name = names[of.number];
    text += code.slice(at, start) + (property && property !== name ? `${property}:${name}` : name);
    at = end;
  }
  return text + code.slice(at);
}

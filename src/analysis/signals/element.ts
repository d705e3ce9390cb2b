// What an element's name, TAG#id.class, tells of it: all that a recording has of elements. Called by the signals.

const FIELDS = new Set(['INPUT', 'TEXTAREA', 'SELECT']);
/** Text and ground: pressed to select, to scroll, or for nothing. */
const GROUND = new Set(
  'HTML BODY MAIN ARTICLE SECTION HEADER FOOTER ASIDE NAV P H1 H2 H3 H4 H5 H6 UL OL DL DT DD LI TABLE TBODY THEAD TR TD TH PRE CODE BLOCKQUOTE FIGURE FIGCAPTION FORM FIELDSET LABEL LEGEND EM'.split(
    ' ',
  ),
);
/** What happens in them no observer of the page sees. */
const OPAQUE = new Set(['CANVAS', 'VIDEO', 'AUDIO', 'IFRAME', 'EMBED', 'OBJECT', 'SELECT', 'OPTION']);

const BUTTON_NAME = word('btn button cta submit');
const STEPPER_NAME = word(
  'next prev previous plus minus inc dec increment decrement increase decrease step stepper arrow arrows carousel slide slider slick swiper page pager pagination qty quantity more zoom forward backward up down month year',
);
const OUTWARD_NAME = word('print copy clipboard share download export upload file browse attach sound mute audio');
const CURRENT_NAME = word('active selected current disabled');
const CHOICE_NAME = word(
  'check checkbox radio toggle switch filter filters facet sort range quantity qty amount size color colour variant option',
);
const SEARCH_NAME = word('search query q find');
const CANCEL_NAME = word('cancel close dismiss reset clear back discard');

/** Matches one of these among the words of ids and classes, however they are joined. */
function word(names: string): RegExp {
  return new RegExp(`(?:^|[^a-z])(?:${names.replaceAll(' ', '|')})(?![a-z])`);
}

/** Ids and classes, `nextSlide` as `next-slide`, in lower case. */
function nameOf(element: string): string {
  const tag = tagOf(element);
  return element
    .slice(tag.length)
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase();
}

function tagOf(element: string): string {
  return /^[A-Za-z][A-Za-z\d-]*/.exec(element)?.[0].toUpperCase() ?? '';
}

/** Something to fill in, or to choose from. */
export function isField(element: string): boolean {
  const tag = tagOf(element);
  return FIELDS.has(tag) && !(tag === 'INPUT' && isNamedButton(element));
}

/** A field that one fills in to send it: no search, and nothing that one chooses while looking at a page. */
export function isFormField(element: string): boolean {
  const name = nameOf(element);
  return isField(element) && !CHOICE_NAME.test(name) && !SEARCH_NAME.test(name);
}

function isNamedButton(element: string): boolean {
  return BUTTON_NAME.test(nameOf(element));
}

/** It says itself that it can be pressed. */
export function isButton(element: string): boolean {
  const tag = tagOf(element);
  return tag === 'BUTTON' || tag === 'SUMMARY' || isNamedButton(element);
}

/** It may hand over to another program, a list of files or a loudspeaker, of which the page shows nothing. */
export function isOutward(element: string): boolean {
  return isLink(element) || OUTWARD_NAME.test(nameOf(element));
}

export function isLink(element: string): boolean {
  return tagOf(element) === 'A';
}

/** Nobody expects it to do anything, unless its name says so. */
export function isGround(element: string): boolean {
  return GROUND.has(tagOf(element)) && !isNamedButton(element);
}

export function isOpaque(element: string): boolean {
  return OPAQUE.has(tagOf(element));
}

/** One presses it several times, as one turns pages. */
export function isNamedStepper(element: string): boolean {
  return STEPPER_NAME.test(nameOf(element));
}

/** What it would do is done already, or cannot be done. */
export function isNamedCurrent(element: string): boolean {
  return CURRENT_NAME.test(nameOf(element));
}

export function isNamedCancel(element: string): boolean {
  return CANCEL_NAME.test(nameOf(element));
}

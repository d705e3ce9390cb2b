// The shop as a single page application: /demo/shop/, /demo/shop/KIND and /demo/shop/KIND/LAMP, by history.pushState.
import '../site.js';
import { catalogueView, startCatalogue } from './catalogue.js';
import { detailView, missingView, startDetail } from './detail.js';
import { kinds, lampOf } from './lamps.js';

const root = document.querySelector('[data-shop]');
const base = '/demo/shop/';

const viewOf = (path) => {
  const [kind = '', id = '', ...rest] = path.slice(base.length).split('/').filter(Boolean);
  const lamp = lampOf(id);
  if (rest.length === 0) {
    if (lamp && lamp.kind === kind) return { ...detailView(lamp), start: () => startDetail(root) };
    if (!id && (!kind || Object.hasOwn(kinds, kind))) {
      return { ...catalogueView(kind), start: () => startCatalogue(root, kind) };
    }
  }
  return { ...missingView(), start: () => {} };
};

let shownPath = '';

const show = () => {
  shownPath = location.pathname;
  const view = viewOf(shownPath);
  root.innerHTML = view.markup;
  document.title = `${view.title} · Gloam`;
  view.start();
};

/** Where the visitor had scrolled to, by the number of the history entry. */
const scrolledTo = new Map();
let entry = history.state?.entry ?? 0;

const go = (path) => {
  if (path === location.pathname) return;
  scrolledTo.set(entry, scrollY);
  entry += 1;
  history.pushState({ entry }, '', path);
  show();
  scrollTo({ top: 0, behavior: 'instant' });
  root.querySelector('h1').focus({ preventScroll: true });
};

/** Whether a click asks this page to change, rather than the browser to open a tab, another page or a place in this one. */
const staysHere = (event, link) =>
  !event.defaultPrevented &&
  event.button === 0 &&
  !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) &&
  !link.target &&
  !link.hash &&
  link.pathname.startsWith(base);

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href]');
  if (!link || !staysHere(event, link)) return;
  event.preventDefault();
  go(link.pathname);
});

history.scrollRestoration = 'manual';
addEventListener('popstate', (event) => {
  // A jump to a place in the page, such as the skip link, comes here too.
  if (location.pathname === shownPath) return;
  scrolledTo.set(entry, scrollY);
  entry = event.state?.entry ?? 0;
  show();
  scrollTo({ top: scrolledTo.get(entry) ?? 0, behavior: 'instant' });
});

show();

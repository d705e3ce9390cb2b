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

const show = () => {
  const view = viewOf(location.pathname);
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

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href]');
  const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
  if (!link || elsewhere || link.target || event.defaultPrevented || !new URL(link.href).pathname.startsWith(base))
    return;
  event.preventDefault();
  go(new URL(link.href).pathname);
});

history.scrollRestoration = 'manual';
addEventListener('popstate', (event) => {
  scrolledTo.set(entry, scrollY);
  entry = event.state?.entry ?? 0;
  show();
  scrollTo({ top: scrolledTo.get(entry) ?? 0, behavior: 'instant' });
});

show();

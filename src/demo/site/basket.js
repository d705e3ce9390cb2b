// The visitor's basket, kept in this browser only, and the dialog that shows it; every page's site.js opens it.
import { track } from './recording.js';
import { addressOf, artOf, finishes, lampOf, priceText } from './shop/lamps.js';

const storageKey = 'gloam-basket';

/** The basket's lines, oldest first: `{id, finish, quantity}` of lamps that exist. */
export const readBasket = () => {
  try {
    const lines = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return lines.filter((line) => lampOf(line.id) && Object.hasOwn(finishes, line.finish) && line.quantity > 0);
  } catch {
    return [];
  }
};

const writeBasket = (lines) => {
  try {
    localStorage.setItem(storageKey, JSON.stringify(lines));
  } catch {
    // Storage is full or forbidden: the basket then lasts no longer than this page.
  }
  document.dispatchEvent(new CustomEvent('basket', { detail: lines }));
};

/** Puts so many of a lamp into the basket. */
export const addToBasket = (id, finish, quantity) => {
  const lines = readBasket();
  const same = lines.find((line) => line.id === id && line.finish === finish);
  if (same) same.quantity += quantity;
  else lines.push({ id, finish, quantity });
  writeBasket(lines);
  track('basket_add', { lamp: id, finish, quantity });
};

export const emptyBasket = () => writeBasket([]);

/** The basket's lines and total as markup, for the dialog and the checkout. */
export const basketMarkup = (lines) => {
  if (lines.length === 0) return '<p class="basket-empty">Nothing in it yet. The evening is young.</p>';
  const rows = lines.map((line, index) => {
    const lamp = lampOf(line.id);
    return `<li class="basket-line">
      <a href="${addressOf(lamp)}" tabindex="-1" aria-hidden="true">${artOf(lamp, line.finish)}</a>
      <div><a href="${addressOf(lamp)}">${lamp.name}</a><span>${finishes[line.finish]}, ${line.quantity} ×</span></div>
      <span class="basket-price">${priceText(lamp.price * line.quantity)}</span>
      <button type="button" class="quiet take-out" data-remove="${index}" aria-label="Take ${lamp.name} out">Take out</button>
    </li>`;
  });
  const total = lines.reduce((sum, line) => sum + lampOf(line.id).price * line.quantity, 0);
  return `<ul class="basket-lines">${rows.join('')}</ul><p class="basket-total">In all <b>${priceText(total)}</b></p>`;
};

const removeLine = (event) => {
  const index = event.target.closest?.('[data-remove]')?.dataset.remove;
  if (index === undefined) return;
  const dialog = event.target.closest('dialog');
  writeBasket(readBasket().filter((_, at) => at !== Number(index)));
  dialog?.querySelector('[data-close]').focus();
};

const makeDialog = () => {
  const dialog = document.createElement('dialog');
  dialog.className = 'drawer';
  dialog.setAttribute('aria-labelledby', 'basket-title');
  dialog.innerHTML = `<div class="drawer-head"><h2 id="basket-title">Basket</h2><button type="button" class="quiet close" data-close>Close</button></div>
    <div class="drawer-body"></div>
    <a id="to-checkout" class="button drawer-checkout" href="/demo/checkout/">To the checkout</a>`;
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog || event.target.closest('a, [data-close]')) dialog.close();
  });
  document.body.append(dialog);
  return dialog;
};

/** Wires the basket link of the header: it counts, and opens the dialog instead of leaving the page. */
export const startBasket = () => {
  const link = document.querySelector('.basket-link');
  const count = link.querySelector('.basket-count');
  const dialog = makeDialog();
  const show = (lines) => {
    const pieces = lines.reduce((sum, line) => sum + line.quantity, 0);
    count.textContent = pieces;
    count.hidden = pieces === 0;
    dialog.querySelector('.drawer-body').innerHTML = basketMarkup(lines);
    dialog.querySelector('.drawer-checkout').hidden = lines.length === 0;
  };
  show(readBasket());
  addEventListener('storage', () => show(readBasket()));
  document.addEventListener('basket', (event) => show(event.detail));
  document.addEventListener('click', removeLine);
  link.addEventListener('click', (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    dialog.showModal();
  });
};

/** Opens the basket's dialog; the link that does so otherwise is the header's. */
export const openBasket = () => document.querySelector('.drawer').showModal();

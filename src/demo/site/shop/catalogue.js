// The shop's shelves: all lamps or one kind, by brightness and in an order; shop.js shows it and passes changes on.
import { cardOf, kinds, lamps } from './lamps.js';

const brightness = {
  any: ['Any', () => true],
  glow: ['A glow', (lamp) => lamp.lumens <= 200],
  company: ['Company', (lamp) => lamp.lumens > 200 && lamp.lumens < 500],
  work: ['Work', (lamp) => lamp.lumens >= 500],
};

const orders = {
  shelf: ['As on the shelf', () => 0],
  price: ['Price, low first', (a, b) => a.price - b.price],
  light: ['Light, bright first', (a, b) => b.lumens - a.lumens],
};

const introductions = {
  all: 'Twelve, which is as many as we can look after. Each comes to bits and back again.',
  table: 'For tables where people stay, walls that need a horizon, and shelves that lack a window.',
  floor: 'They stand where there is nothing to stand on. One reads, one waits, one hums.',
  ceiling: 'Hung low and on dimmers, or not at all. We have views on this.',
  portable: 'Lamps that come along: to bed, to the garden, to the bottom of the stairs.',
};

/** What the visitor has chosen; it outlasts going to a lamp and back. */
const choice = { brightness: 'any', order: 'shelf' };

const chosen = (kind) =>
  lamps
    .filter((lamp) => (!kind || lamp.kind === kind) && brightness[choice.brightness][1](lamp))
    .sort(orders[choice.order][1]);

const shelfMarkup = (kind) => {
  const found = chosen(kind);
  if (found.length === 0) {
    return '<p class="nothing">No lamp of this kind gives that much light. <button type="button" class="quiet" data-any>Show every brightness</button></p>';
  }
  return `<div class="grid">${found.map(cardOf).join('')}</div>`;
};

const countText = (kind) => {
  const count = chosen(kind).length;
  return `${count} ${count === 1 ? 'lamp' : 'lamps'}`;
};

const kindLink = (current, kind, name) =>
  `<a class="kind" href="/demo/shop/${kind}"${current === kind ? ' aria-current="page"' : ''}>${name}</a>`;

const radio = ([key, [name]]) =>
  `<label><input type="radio" class="brightness" name="brightness" value="${key}"${choice.brightness === key ? ' checked' : ''} /><span>${name}</span></label>`;

const option = ([key, [name]]) => `<option value="${key}"${choice.order === key ? ' selected' : ''}>${name}</option>`;

/** The catalogue's title and markup; kind is a key of `kinds`, or '' for all lamps. */
export const catalogueView = (kind) => ({
  title: kind ? kinds[kind] : 'All lamps',
  markup: `<section class="opening shop-opening">
    <h1 tabindex="-1">${kind ? kinds[kind] : 'All twelve lamps'}</h1>
    <p class="lede">${introductions[kind || 'all']}</p>
  </section>
  <div class="filters">
    <nav class="kinds" aria-label="Kinds of lamp">
      ${kindLink(kind, '', 'All')}${Object.keys(kinds)
        .map((key) => kindLink(kind, key, kinds[key].replace(' lamps', '')))
        .join('')}
    </nav>
    <fieldset class="segments"><legend>Light</legend>${Object.entries(brightness).map(radio).join('')}</fieldset>
    <label class="order">Order <select id="order" name="order">${Object.entries(orders).map(option).join('')}</select></label>
    <p class="count" role="status">${countText(kind)}</p>
  </div>
  <div class="shelf">${shelfMarkup(kind)}</div>`,
});

/** Wires the catalogue's filters inside `root`, which holds its markup. */
export const startCatalogue = (root, kind) => {
  const refresh = () => {
    root.querySelector('.shelf').innerHTML = shelfMarkup(kind);
    root.querySelector('.count').textContent = countText(kind);
  };
  root.querySelector('.filters').addEventListener('change', (event) => {
    choice[event.target.name] = event.target.value;
    refresh();
  });
  root.querySelector('.shelf').addEventListener('click', (event) => {
    if (!event.target.closest('[data-any]')) return;
    root.querySelector('[value="any"]').click();
  });
};

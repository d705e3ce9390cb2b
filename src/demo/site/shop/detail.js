// One lamp's page in the shop: its finishes, its dimmer, its story; shop.js shows it.
import { addToBasket, openBasket } from '../basket.js';
import { addressOf, artOf, cardOf, finishes, kinds, lampOf, lamps, priceText } from './lamps.js';

const swatch = (finish, index) =>
  `<label class="swatch" data-finish="${finish}"><input type="radio" class="finish" name="finish" value="${finish}"${index === 0 ? ' checked' : ''} /><span>${finishes[finish]}</span></label>`;

const specs = (lamp) => [
  ['Light', `${lamp.lumens} lumens at full`],
  ['Colour', `${lamp.kelvin.toLocaleString('en')} kelvin, warmer as it dims`],
  ['Size', lamp.size],
  ['Opens with', 'A coin and one screwdriver'],
  ['Spare parts', 'For as long as we are here'],
];

// Three lamps of each kind stand side by side, so these steps never meet the lamp's own kind.
const companions = (lamp) => {
  const at = lamps.indexOf(lamp);
  return [3, 5, 7, 9].map((step) => lamps[(at + step) % lamps.length]);
};

/** A lamp's title and markup. */
export const detailView = (lamp) => ({
  title: lamp.name,
  markup: `<nav class="crumbs" aria-label="Where you are"><a href="/demo/shop/">Lamps</a><a href="/demo/shop/${lamp.kind}">${kinds[lamp.kind].replace(' lamps', '')}</a></nav>
  <article class="detail">
    <div class="detail-art">${artOf(lamp)}
      <label class="dimmer"><span>Dim</span><input id="dimmer" type="range" name="dimmer" min="0" max="100" value="70" aria-label="Dimmer of ${lamp.name}" /><span>Full</span></label>
    </div>
    <div class="detail-words">
      <h1 tabindex="-1">${lamp.name}</h1>
      <p class="lede">${lamp.line}</p>
      <p class="detail-price">${priceText(lamp.price)}</p>
      <form class="buy" data-lamp="${lamp.id}">
        <fieldset class="swatches"><legend>Finish</legend>${lamp.finishes.map(swatch).join('')}</fieldset>
        <label class="amount">How many <input id="quantity" type="number" name="quantity" min="1" max="9" value="1" required /></label>
        <button id="add-to-basket" class="button" type="submit">Put in the basket</button>
      </form>
      <div class="detail-story">${lamp.story.map((paragraph) => `<p>${paragraph}</p>`).join('')}</div>
      <dl class="specs">${specs(lamp)
        .map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`)
        .join('')}</dl>
      <details><summary>How it is looked after</summary><p>A dry cloth in spring. If the metal dulls, let it; if you cannot, beeswax. The bulb is an ordinary one and outlives most sofas.</p></details>
      <details><summary>How it travels</summary><p>In a box of pressed straw, by tram and bicycle as far as they go. If it arrives broken we send another, and a card for your neighbours to sign.</p></details>
      <details><summary>How it goes back</summary><p>Within a hundred evenings, for any reason, including that it turned out to be the wrong evening.</p></details>
    </div>
  </article>
  <section class="section" aria-labelledby="companions"><h2 id="companions">Good in a room with ${lamp.name}</h2>
    <div class="grid">${companions(lamp).map(cardOf).join('')}</div>
  </section>`,
});

/** Wires the dimmer, the finishes and the buying form inside `root`, which holds a lamp's markup. */
export const startDetail = (root) => {
  const art = root.querySelector('.detail-art .art');
  const dimmer = root.querySelector('.dimmer input');
  const form = root.querySelector('.buy');
  const dim = () => art.style.setProperty('--on', dimmer.valueAsNumber / 100);
  dimmer.addEventListener('input', dim);
  dim();
  form.addEventListener('change', () => {
    art.dataset.finish = form.elements.finish.value;
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    addToBasket(lampOf(form.dataset.lamp).id, form.elements.finish.value, form.elements.quantity.valueAsNumber);
    openBasket();
  });
};

/** What is shown where an address names no lamp. */
export const missingView = () => ({
  title: 'No such lamp',
  markup: `<section class="opening"><h1 tabindex="-1">It is dark here</h1>
    <p class="lede">No lamp stands at this address. <a href="/demo/shop/">All twelve are this way.</a> Or begin with <a href="${addressOf(lamps[0])}">${lamps[0].name}</a>.</p></section>`,
});

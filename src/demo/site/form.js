// The forms of the workshop and the checkout: they send nothing, say so, and the checkout shows the basket.
import { basketMarkup, emptyBasket, readBasket } from './basket.js';
import './site.js';

const thanks = {
  order: [
    'Ordered, in a manner of speaking',
    'No lamp is on its way and no letter of what you typed has left this page.',
  ],
  repairs: [
    'The bench would be sorry to hear it',
    'Nothing was sent, and no letter of what you typed has left this page.',
  ],
};

const makeThanks = (title, sentence) => {
  const dialog = document.createElement('dialog');
  dialog.className = 'note-dialog';
  dialog.setAttribute('aria-labelledby', 'thanks-title');
  dialog.innerHTML = `<h2 id="thanks-title">${title}</h2>
    <p>${sentence} Your replay shows the same: where you went, and blank fields.</p>
    <p class="dialog-actions"><a class="button replay-link" href="/replay" target="_blank" rel="noopener">Watch your replay</a>
    <button type="button" class="quiet" autofocus>Back to the page</button></p>`;
  dialog.querySelector('button').addEventListener('click', () => dialog.close());
  document.body.append(dialog);
  return dialog;
};

const form = document.querySelector('form');
const dialog = makeThanks(...thanks[form.dataset.form]);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  form.reset();
  if (form.dataset.form === 'order') emptyBasket();
  dialog.showModal();
});

const summary = document.querySelector('[data-summary]');
if (summary) {
  const show = (lines) => {
    summary.innerHTML = basketMarkup(lines);
  };
  show(readBasket());
  document.addEventListener('basket', (event) => show(event.detail));
}

// The front page's living room: a slider moves the evening along, and the lamps come on by themselves or by hand.
import './site.js';

const scene = document.querySelector('.scene');
const panel = document.querySelector('.scene-panel');
const slider = panel.querySelector('input');
const clock = panel.querySelector('output');

/** At which point of the evening (0 to 1) each lamp comes on if nobody touches its switch. */
const comesOnAt = { heron: 0.38, moth: 0.55, tern: 0.7 };
const byHand = new Map();

const clockText = (evening) => {
  const minutes = Math.round((15.5 * 60 + evening * 6.5 * 60) / 10) * 10;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
};

const draw = () => {
  const evening = slider.valueAsNumber / 100;
  scene.style.setProperty('--evening', evening);
  clock.textContent = clockText(evening);
  slider.setAttribute('aria-valuetext', clock.textContent);
  for (const lamp of scene.querySelectorAll('.lamp-in-scene')) {
    const id = lamp.dataset.lamp;
    const lit = byHand.get(id) ?? evening >= comesOnAt[id];
    lamp.classList.toggle('is-lit', lit);
    panel.querySelector(`[data-switch="${id}"]`).setAttribute('aria-pressed', lit);
  }
};

slider.value = matchMedia('(prefers-color-scheme: dark)').matches ? 82 : 24;
slider.addEventListener('input', () => {
  byHand.clear();
  draw();
});
const flip = (id) => {
  byHand.set(id, !scene.querySelector(`[data-lamp="${id}"]`).classList.contains('is-lit'));
  draw();
};
panel.addEventListener('click', (event) => {
  const id = event.target.closest('[data-switch]')?.dataset.switch;
  if (id) flip(id);
});
scene.addEventListener('click', (event) => {
  const id = event.target.closest('[data-lamp]')?.dataset.lamp;
  if (id) flip(id);
});
panel.hidden = false;
draw();

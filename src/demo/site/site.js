// What every page of the demo shop runs: the recording bar, the basket, the menu and the mark on its current entry.
import { startBasket } from './basket.js';
import { startRecordingBar } from './recording.js';

const menu = document.querySelector('.menu');
// On narrow screens the menu is a popover, and a link within the shop does not load a page that would close it.
menu.addEventListener('click', () => menu.hidePopover?.());
for (const link of menu.querySelectorAll('a')) {
  if (location.pathname.startsWith(new URL(link.href).pathname)) link.setAttribute('aria-current', 'page');
}
startBasket();
startRecordingBar();

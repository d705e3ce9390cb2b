// What every page of the demo shop runs: the recording bar, the basket, and the mark on the current menu entry.
import { startBasket } from './basket.js';
import { startRecordingBar } from './recording.js';

for (const link of document.querySelectorAll('.menu a')) {
  if (location.pathname.startsWith(new URL(link.href).pathname)) link.setAttribute('aria-current', 'page');
}
startBasket();
startRecordingBar();

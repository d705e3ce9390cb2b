// The bar that tells a visitor he is being recorded and links to his own replay; every page's site.js calls it.

const reasonForSilence = () => {
  if (!window.silhouette) return 'The tracker did not load, so nothing here is recorded.';
  if (navigator.globalPrivacyControl === true || navigator.doNotTrack === '1') {
    return 'Your browser asks sites not to track it, so nothing here is recorded. To try the demo, switch that off for this address.';
  }
  return 'Nothing is being recorded: the recorder is off in this browser, or its server does not answer.';
};

const ownSession = async () => {
  try {
    return (await window.silhouette?.sessionId?.()) || null;
  } catch {
    return null;
  }
};

/** Brings the sentence and every replay link up to date with the session that is being recorded now, if any. */
const refresh = async () => {
  const session = await ownSession();
  const bar = document.querySelector('.recording');
  bar.classList.toggle('is-on', session !== null);
  const text = session ? 'You are being recorded (this demo only): move, click, scroll.' : reasonForSilence();
  const sentence = bar.querySelector('.recording-text');
  if (sentence.textContent !== text) sentence.textContent = text;
  for (const link of document.querySelectorAll('.replay-link')) {
    const label = session ? 'Watch your replay' : 'Open the viewer';
    if (link.textContent !== label) link.textContent = label;
    link.title = 'Opens a new tab. It asks for the API key that npm start printed.';
    link.href = session ? `/replay#session=${encodeURIComponent(session)}` : '/replay';
  }
};

/** Keeps the bar true: a session can begin late (a prerendered page) and end while the page is open (30 idle minutes). */
export const startRecordingBar = () => {
  refresh();
  addEventListener('pageshow', refresh);
  document.addEventListener('visibilitychange', refresh);
  for (const type of ['pointerover', 'focusin']) {
    document.addEventListener(type, (event) => {
      if (event.target.closest?.('.replay-link')) refresh();
    });
  }
};

/** Tells the tracker of something the shop's owner would want to know; does nothing where there is no tracker. */
export const track = (name, properties) => window.silhouette?.track?.(name, properties);

// Attacks that tests of the suite show which are no rows of a table, by file and title. coverage.test.ts looks whether those are still there.

/** One attack may have several rows: together they show all that is expected. */
export interface Shown {
  /** Of the catalogue of attacks. */
  id: string;
  /** From the root of the project. */
  file: string;
  /** The test's title as its file has it, or the part of it that names no variable. */
  title: string;
}

const of = (file: string, title: string, ...ids: string[]): Shown[] => ids.map((id) => ({ id, file, title }));

const STORED = 'test/browser/stored-script.test.ts';
const OUTBOX = 'test/browser/tracker-outbox.test.ts';
const PAGES = 'test/browser/tracker-pages.test.ts';
const EVENTS = 'test/browser/tracker-events.test.ts';
const IDENTITY = 'test/browser/tracker-identity.test.ts';

const TEXTS = ['P067', 'P068', 'P069', 'P072', 'P074', 'P079'];
const BROWSER = 'test/attacks/browser.test.ts';
const TRACKER = 'test/attacks/tracker.test.ts';
const VISITORS = 'test/attacks/tracker-visitors.test.ts';
const PROCESS = 'test/attacks/fault-process.test.ts';
const DISK = 'test/attacks/fault-disk.test.ts';
const STORES = 'test/attacks/fault-stores.test.ts';
const START = 'test/attacks/fault-start.test.ts';
const BROWSER_KEY = 'test/attacks/browser-key.test.ts';

export const SHOWN_ELSEWHERE: readonly Shown[] = [
  // Texts of HOSTILE_TEXTS, each in three ways.
  ...of(BROWSER, 'where it was sent: what cannot be shown is not stored', ...TEXTS),
  ...of(
    BROWSER,
    'where it lies in an object that nobody checked: what makes no sense is a gap, the rest plays',
    ...TEXTS,
  ),
  ...of(BROWSER, 'where an answer has it, without the policy as well', ...TEXTS, 'P081'),
  ...of(BROWSER, 'where 120 scripts lie in every text of an object, and the index is rebuilt from it', 'P078'),
  ...of(BROWSER, 'is painted under the mouse, and is no part of the page', 'P074', 'P078'),
  ...of(BROWSER, 'in an object are a gap, and what is before and after them plays', 'P081'),
  ...of(
    BROWSER,
    'is refused where it is no name, and is text in a list, also where it is searched for',
    'P070',
    'P073',
  ),
  ...of(BROWSER, 'is text in its own address, and in its own name', 'P075', 'P076'),
  ...of(BROWSER, 'is text in an answer that is none', 'P077'),
  ...of(
    'test/browser/viewer-hostile.test.ts',
    '100,000 events, each with an element of its own, open without holding up the page',
    'P080',
  ),
  // The viewer's key and window.
  ...of(
    BROWSER_KEY,
    'reads nothing while the operator is logged in beside it, whatever it asks with, and frames nothing',
    'P094',
  ),
  ...of(BROWSER_KEY, 'that opens the viewer holds nothing of its window, nor the viewer of the other', 'P170'),
  ...of(
    BROWSER_KEY,
    'stays in its tab: a reload has it, another tab does not, a duplicate does, and nothing does once it is closed',
    'P171',
  ),
  ...of(BROWSER_KEY, 'runs nothing, fetches nothing, sends nothing and leads nowhere', 'P172'),
  ...of(
    BROWSER_KEY,
    'is typed into a field that shows and remembers nothing, is trimmed, and is in no sentence or address',
    'P173',
  ),
  // Stored script.
  ...of(STORED, 'what was sent or imported is text (policy on: %s)', 'P067', 'P078'),
  ...of(STORED, 'an answer that no server of ours would give is text, each sign of it (policy on: %s)', 'P078'),

  // The disk, the stores and the process.
  ...of('test/fault/crash.test.ts', 'crashes, and nothing erased comes back', 'P129'),
  ...of(
    'test/fault/simulate.test.ts',
    'histories nothing acknowledged is lost, doubled or changed, and nothing erased comes back',
    'P130',
  ),
  ...of(
    'test/runtime/full-disk.test.ts',
    'is answered with 507, keeps nothing by halves, can still be read, and takes again once there is room',
    'P131',
  ),
  ...of('test/workers/faults.test.ts', 'of R2 or D1 when a session is sealed puts the seal off', 'P134'),
  ...of('test/workers/faults.test.ts', 'of %s, failing %s its work, loses nothing and doubles nothing', 'P134', 'P135'),
  ...of(
    'test/contract/failing-store.test.ts',
    'a catalog that does not answer costs no batch of a running session, and is named by /health',
    'P135',
  ),
  ...of('test/runtime/erase-crash.test.ts', 'times, anywhere, ends as one that was not', 'P144'),
  ...of(
    'test/runtime/backup.test.ts',
    'a backup under load holds every batch that was acknowledged before it began, each once, and lists what it holds',
    'P146',
  ),
  ...of('test/runtime/server.test.ts', 'refuses a directory that a newer version wrote', 'P147'),
  ...of('test/runtime/server.test.ts', 'says so where the data directory cannot be one', 'P148'),

  // The tracker on pages that break, and in networks that do.
  ...of(
    OUTBOX,
    'waits for seventy minutes in an open tab, tried ever more rarely, and arrives whole, once and in order',
    'P149',
  ),
  ...of(PAGES, 'records on when a page comes back from the back/forward cache', 'P152'),
  ...of(OUTBOX, 'stays in memory where storage %s', 'P153'),
  ...of(IDENTITY, 'lives in memory where storage throws', 'P153'),
  ...of(OUTBOX, 'takes no more than a megabyte, gives up mouse samples before all else, and is told as a gap', 'P154'),
  ...of(OUTBOX, 'is sent by the next visit, nearly a day later', 'P154'),
  ...of(PAGES, 'does no harm on a page with %s', 'P155'),
  ...of(EVENTS, 'sees through open shadow trees, and stops at closed ones', 'P157'),
  ...of(EVENTS, 'takes at most one mouse sample in 100 ms and the last of every burst', 'P158'),
  ...of(EVENTS, 'takes at most one scroll in 250 ms and the last of every burst', 'P158'),
  ...of(PAGES, 'lets the errors of history pass, and its calls too', 'P159'),
  ...of(EVENTS, 'never sends what is typed or written', 'P160', 'P163'),
  ...of('test/browser/tracker-privacy.test.ts', 'holds nothing of what is written, typed, pasted or hidden', 'P160'),
  ...of(IDENTITY, 'who asks for it by %s is left alone, unless the site says otherwise', 'P165'),
  ...of(PAGES, 'begins on a prerendered page once it is seen', 'P179'),
  ...of(PAGES, 'begins in a tab opened in the background once it is shown', 'P180'),
  ...of(TRACKER, 'keeps what a beacon does not take for the next visit, where it %s', 'P150'),
  ...of(TRACKER, 'tabs that are closed right after it', 'P151'),
  ...of(TRACKER, 'hears nothing that would keep a page out of the back/forward cache', 'P152'),
  ...of(TRACKER, 'records where storage %s', 'P153'),
  ...of(
    TRACKER,
    'names what was clicked though it is gone by then, and takes nothing from the document itself',
    'P157',
  ),
  ...of(
    TRACKER,
    'takes at most ten moves and four scrolls of any second, for less than twice what the events cost without it',
    'P158',
  ),
  ...of(TRACKER, 'lets a route of two million characters pass, and those that are none', 'P159'),
  ...of(
    VISITORS,
    'says of what was pressed no word, address or name of a person, and of an address no e-mail',
    'P161',
    'P163',
  ),
  ...of(VISITORS, 'is told that all is well in a robot, of which nothing is kept: %s', 'P178'),
  ...of(VISITORS, 'begins a prerendered page when it is seen, and its times then', 'P179'),
  ...of(VISITORS, 'says nothing of a tab in the background that nobody ever saw, nor when it is closed', 'P180'),

  // Faults of stores, disk, clock and process.
  ...of(PROCESS, 'steps, and nothing acknowledged is lost, doubled or cut', 'P129'),
  ...of(
    DISK,
    'a power cut at any moment leaves an object whole or not there, and whole once it was promised',
    'P129',
    'P130',
  ),
  ...of(DISK, 'what is acknowledged is synced before, in both databases where it may not be made again', 'P130'),
  ...of(
    DISK,
    'an object for which there is no room after any of its bytes is not there, and is once there is room',
    'P131',
  ),
  ...of(
    DISK,
    'a batch for which the hot store has no room after any of its pages is not there, and all before it is',
    'P131',
  ),
  ...of(STORES, 'an object that the disk cannot read is a gap; others, and the rest of its session, are whole', 'P132'),
  ...of(STORES, 'a disk that refuses to read at all is no gap: nothing is said to be damaged that is not', 'P132'),
  ...of(
    STORES,
    'an object of the log of erasures that cannot be read holds up nothing: what is expired goes, and the index is rebuilt',
    'P132',
  ),
  ...of(PROCESS, 'commit acknowledges nothing that it has not written, and stays small', 'P133'),
  ...of(DISK, 'more than may wait for a slow disk is refused at once, and all else is written', 'P133'),
  ...of(
    STORES,
    'objects that are away for 70 minutes cost nothing: batches go on, and are sealed when they are back',
    'P134',
  ),
  ...of(STORES, 'one session for which the disk has no place holds up the sealing of no other', 'P134'),
  ...of(STORES, 'a catalog that was away and came back says what one says that is made anew', 'P135'),
  ...of(STORES, 'a body that breaks off is read once more, and is a gap where it does so again', 'P140'),
  ...of(PROCESS, 'told to stop twice, and killed if it had not ended by then, keeps all that it acknowledged', 'P141'),
  ...of(STORES, 'two that remove what is expired at once leave what one would', 'P142'),
  ...of('test/workers/cron.test.ts', 'twice at once removes what is expired as once, and that alone', 'P142'),
  ...of(
    STORES,
    'a clock that leaps ahead by ten years for a minute removes nothing for its age, and says so once',
    'P143',
  ),
  ...of(START, 'a %s of a newer version is refused and left as it is', 'P147'),
  ...of(START, 'a file system that is read-only is refused and left as it is', 'P148'),
  ...of(START, 'a directory of another user is refused and left as it is', 'P148'),
  ...of(START, 'a directory %s is refused in a line', 'P148'),

  // Bodies, times and quantities.
  ...of(
    'test/fault/overload.test.ts',
    'the slow make room, the refused are told when to come again and counted, and nothing acknowledged is lost',
    'P039',
    'P041',
    'P124',
    'P125',
  ),
  ...of('test/contract/app.suite.ts', 'keeps the good events of a batch and counts the others', 'P051', 'P052'),
  ...of(
    'test/runtime/contract.test.ts',
    'holds a session to 30 batches in 10 s and an address to 300 new sessions a minute',
    'P121',
  ),
  ...of('test/contract/hot-store.suite.ts', 'refuses what goes beyond a session and keeps nothing of it', 'P122'),
  ...of(
    'test/runtime/full-disk.test.ts',
    'is answered with 507, keeps nothing by halves, can still be read, and takes again once there is room',
    'P126',
  ),
  ...of(
    'test/browser/tracker-sending.test.ts',
    'that is refused for good is dropped, counted and not sent again',
    'P119',
  ),

  // What lies in the data directory, and what must not.
  ...of(
    'test/browser/viewer-hostile.test.ts',
    'strings of events and sessions are text and nothing else (policy on: %s)',
    'P071',
  ),
  ...of('test/fault/bit-flips.test.ts', 'flipped bits in objects are noticed or harmless', 'P136'),
  ...of(
    'test/fault/bit-flips.test.ts',
    'an object that was cut anywhere, or is that of another session, is told as damaged',
    'P137',
  ),
  ...of('test/runtime/server.test.ts', 'answers the same though the catalog is %s', 'P139'),
  ...of(
    'test/runtime/canary.test.ts',
    'an erased visitor is in no byte of the data directory, running or sealed, and late batches are refused',
    'P145',
  ),
  ...of(
    'test/runtime/canary.test.ts',
    'no key is in any file, any line of output or any answer after all that can be done with it',
    'P104',
  ),
  ...of(STORED, 'what was sent or imported is text (policy on: %s)', 'P175'),
];

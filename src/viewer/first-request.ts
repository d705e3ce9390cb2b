// Asks for the first page of the list while the viewer itself is still being read. The bundler's entry of a script of its own, before the other.
import { fetchWith } from './api.ts';
import { keepAsked, viewAt } from './first-asked.ts';
import { storedKey } from './key.ts';
import { pagePath } from './list-api.ts';

const key = storedKey();
const { hash } = location;
// Whoever comes by a share link waits for its session.
if (key !== null && !/[#&](share|recording)=/.test(hash)) {
  const answer = fetchWith(key, pagePath(viewAt(hash)));
  // Whoever takes it hears of a failure.
  answer.catch(() => undefined);
  keepAsked({ key, hash, answer });
}

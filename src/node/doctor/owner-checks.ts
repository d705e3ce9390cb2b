// What only the owner's key opens: what was refused, and when something was recorded last. Called by examine.ts.
import { ask, jsonOf } from './ask.ts';
import { refusalsOf } from './refusal-words.ts';
import { note, ok, problem, type Verdict } from './verdict.ts';

/** A server that this tool may send the key to: its owner said so, or it has the data directory here. */
export interface OwnServer {
  origin: string;
  key: string;
}

interface Row {
  started_at: number;
  ended_at: number;
}

/** `page`: as it is recorded. `now`: epoch ms. */
export async function ownerChecks(server: OwnServer, page: string, now: number): Promise<Verdict[]> {
  const health = await get(server, '/health');
  if (typeof health === 'string') return [problem(`${server.origin} says nothing to the key: ${health}.`)];
  const verdicts: Verdict[] = [];
  const counters = health.counters as Record<string, number> | undefined;
  if (!counters) verdicts.push(note('This key may not read what was refused: it lacks the scope read.'));
  else {
    const refusals = refusalsOf(counters);
    if (refusals.length === 0) verdicts.push(ok(`${server.origin} has refused nothing so far.`));
    verdicts.push(...refusals.map((words) => note(`Refused or given up so far: ${words}.`)));
  }
  const [newest, seen] = await Promise.all([
    newestOf(server, ''),
    newestOf(server, `&page=${encodeURIComponent(page.replaceAll(',', '\\,'))}`),
  ]);
  if (typeof newest === 'string') verdicts.push(problem(`The list of sessions cannot be read: ${newest}.`));
  else if (!newest) verdicts.push(note(`${server.origin} has no session yet.`));
  else {
    verdicts.push(ok(`The newest session ${timesOf(newest, now)}.`));
    if (seen && typeof seen !== 'string') verdicts.push(ok(`The newest that saw this page ${timesOf(seen, now)}.`));
    else if (seen === null) verdicts.push(note(`No session there saw ${page}.`));
  }
  return verdicts;
}

/** Null: there is none. */
async function newestOf(server: OwnServer, filter: string): Promise<Row | null | string> {
  const list = await get(server, `/replay/sessions?limit=1${filter}`);
  return typeof list === 'string' ? list : ((list.sessions as Row[])[0] ?? null);
}

async function get({ origin, key }: OwnServer, path: string): Promise<Record<string, unknown> | string> {
  const answer = await ask(new URL(path, origin), { headers: { authorization: `Bearer ${key}` } });
  if (typeof answer === 'string') return answer;
  const said = jsonOf(answer);
  if (answer.status === 401) return 'it does not take it; API_KEY must be that of this server';
  if (answer.status !== 200 || !said) return `it answers ${answer.status}`;
  return said;
}

function timesOf({ started_at, ended_at }: Row, now: number): string {
  return `began ${ago(now - started_at)}, and its last event came ${ago(now - ended_at)}`;
}

export function ago(ms: number): string {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1000],
  ] as const;
  const [name, size] = units.find(([, size]) => ms >= 2 * size) ?? units[3];
  const count = Math.max(0, Math.floor(ms / size));
  return `${count} ${name}${count === 1 ? '' : 's'} ago`;
}

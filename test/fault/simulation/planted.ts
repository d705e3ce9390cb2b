// Bugs that are planted into the bundle of the simulation, never into the product: each must be caught. Used by simulate.test.ts.
import type { Patch } from './campaign.ts';

export interface Planted {
  name: string;
  patches: Patch[];
}

const one = (name: string, file: string, from: string, to: string): Planted => ({
  name,
  patches: [{ file, from, to }],
});

const HOT = 'test/fault/simulation/hot.ts';
const OBJECTS = 'test/fault/simulation/objects.ts';

export const PLANTED: Planted[] = [
  one('acknowledge before sync', HOT, '        this.disk.sync(LOG);\n', ''),
  one(
    'group commit answers all though its write failed',
    HOT,
    'reject(failure);\n        this.recover();',
    'reject(failure);\n        this.recover();'.replace('reject(failure)', 'void reject'),
  ),
  one('a torn line of the log is read as whole', HOT, "split('\\n').slice(0, -1)", "split('\\n')"),
  one('list without cursor', OBJECTS, 'if (keys.length < PAGE) return;', 'return;'),
  one('an object is linked before it is synced', OBJECTS, '() => this.disk.sync(draft)', '() => undefined'),
  one('the folder is not synced', OBJECTS, '() => this.syncName(name, isNew)', '() => undefined'),
  one(
    'seal forgets hot rows before the object is durable',
    'src/server/seal.ts',
    '  for (const { object, batches } of plan.parts)\n',
    '  await ports.hot.finishSeal(sessionId, plan.parts.map((part) => part.object));\n  for (const { object, batches } of plan.parts)\n',
  ),
  one(
    'catalog row is not updated after a late seal',
    'src/server/seal.ts',
    "if (running) await ports.catalog.upsert([rowOf(running, 'ended', findings)]);",
    "if (running && !(await ports.catalog.find(sessionId))) await ports.catalog.upsert([rowOf(running, 'ended', findings)]);",
  ),
  one(
    'rows of sealed sessions are not synced',
    'src/server/sql-catalog.ts',
    'await this.db.batch(endedStatements(part), true);',
    'await this.db.batch(endedStatements(part));',
  ),
  one(
    'dedupe is lost at restart',
    'src/server/admission.ts',
    '    this.noteAnswer(batch);\n    addEvents',
    '    addEvents',
  ),
  one(
    'dedupe knows no sealed batches',
    'src/server/append.ts',
    'sealed_batches: sealed.batches,',
    'sealed_batches: [],',
  ),
  one(
    'a session that was sealed begins anew',
    'src/server/append.ts',
    "if (!sealed.newest) return { kind: 'new' };",
    "if (sealed) return { kind: 'new' };",
  ),
  one(
    'a retry is another batch',
    'src/server/admission.ts',
    'function nameOf(batch: { page_id: string; seq: number }): string {',
    'function nameOf(batch: { page_id: string; seq: number; sent_at?: number }): string {\n  if (batch.sent_at) return String(batch.sent_at);',
  ),
  one(
    'times are moved by each batch, not by its session',
    'src/server/admission.ts',
    'return Math.abs(own - sessionOffset) <= CLOCK_TOLERANCE_MS ? sessionOffset : skewOf(batch, now);',
    'return own === sessionOffset ? own : skewOf(batch, now);',
  ),
  one('erase without the log', 'src/server/erase.ts', '    await logErasures(ports.objects, erasures);\n', ''),
  one('erase leaves hot rows', 'src/server/erase.ts', '    removed.rows += (await hot.erase(session_id)).rows;\n', ''),
  one(
    'erase leaves objects',
    'src/server/erase.ts',
    '    removed.objects += await deleteObjects(objects, session_id, started_at);\n',
    '',
  ),
  one(
    'reindex forgets running sessions',
    'src/server/reindex.ts',
    "    if (running.size > 0) await catalog.fill([...running.values()].map((one) => rowOf(one, 'live')));\n",
    '',
  ),
  one(
    'retention by start',
    'src/server/sql-rows.ts',
    'imported_at ?? ended_at, ended_at, status',
    'imported_at ?? started_at, ended_at, status',
  ),
  one(
    'read ignores the kept batches',
    'src/server/read-session.ts',
    '  const kept = await catalog.kept(sessionId);\n',
    '  const kept = (await catalog.kept(sessionId)).slice(0, 0);\n',
  ),
  one(
    'double seal: the plan is not durable',
    HOT,
    'await this.commit({ id: sessionId, plan: state.session.next_object++ });',
    'this.apply({ id: sessionId, plan: state.session.next_object++ });',
  ),
  one(
    'events in the order of their batches',
    'src/server/event-log.ts',
    'events.sort((a, b) => times[a]! - times[b]! || a - b);',
    '',
  ),
];

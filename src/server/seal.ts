// Moves sessions that are over from the hot store into objects. Every step can be repeated: a crash in between costs nothing.
import { findingsAtSeal } from './findings.ts';
import { originOf, rowOf } from './hot-session.ts';
import { type Ports, StoreUnavailable, type Writer } from './ports.ts';
import { deleteObjects, putObject } from './session-objects.ts';
import { thresholdsOf } from './signals-setting.ts';

/** Sessions looked at in one go. */
const SESSIONS = 100;
/** Sessions sealed at once: a seal mostly waits for the disk. */
const SIDE_BY_SIDE = 8;

/**
 * Seals every session that nothing reached since `before` (epoch ms), and those whose seal was begun; how many. One that fails holds up
 * no other of the same look; then the first failure is thrown.
 */
export async function sealIdle(ports: Ports, writer: Writer, before: number): Promise<number> {
  let sealed = 0;
  for (;;) {
    const ids = await ports.hot.idle(before, SESSIONS);
    const failures: unknown[] = [];
    for (let i = 0; i < ids.length; i += SIDE_BY_SIDE) {
      const some = ids.slice(i, i + SIDE_BY_SIDE);
      for (const one of await Promise.allSettled(some.map((id) => sealSession(ports, writer, id)))) {
        if (one.status === 'rejected') failures.push(one.reason);
        else if (one.value) sealed++;
      }
    }
    if (failures.length > 0) throw failures[0];
    if (ids.length < SESSIONS) return sealed;
  }
}

/** Seals one session; false: it is not hot. */
async function sealSession(ports: Ports, writer: Writer, sessionId: string): Promise<boolean> {
  // The plan is durable before the first put, so a repeated seal puts the same bytes under the same keys.
  const plan = await ports.hot.planSeal(sessionId);
  if (!plan) return false;
  const session = originOf(plan.session);
  const { clock_offset } = plan.session;
  for (const { object, batches } of plan.parts)
    await putObject(ports.objects, { object, session, clock_offset, batches });
  const findings = await findingsAtSeal(ports.objects, plan.session, plan.parts, thresholdsOf(ports));

  await writer.alone(async () => {
    if ((await ports.catalog.erasedAt(sessionId)) !== null) {
      await deleteObjects(ports.objects, sessionId, session.started_at);
      return;
    }
    // All that was ever sealed of it is in the digest.
    const running = (await ports.hot.digests([sessionId])).get(sessionId);
    if (running) await ports.catalog.upsert([rowOf(running, 'ended', findings)]);
    const objects = plan.parts.map((part) => part.object);
    try {
      await ports.hot.finishSeal(sessionId, objects);
    } finally {
      await tellRunning(ports, writer, sessionId);
    }
  });
  return true;
}

/** Something came since the plan, or the hot store could not forget the session: it runs on, and its row says so before anybody reads it. */
async function tellRunning(ports: Ports, writer: Writer, sessionId: string): Promise<void> {
  try {
    const running = (await ports.hot.digests([sessionId])).get(sessionId);
    if (running) await ports.catalog.upsert([rowOf(running, 'live')]);
  } catch (error) {
    writer.note(sessionId);
    if (!(error instanceof StoreUnavailable)) throw error;
  }
}

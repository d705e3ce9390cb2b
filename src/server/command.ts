// What the command line tool asks of a server, and what it is told: as JSON on the wire. Used by both ends.
import type { EraseReceipt } from './erase.ts';
import type { ImportResult } from './import-sessions.ts';
import type { NewKey } from './keys.ts';
import type { Rebuilding } from './ports.ts';

export type Command =
  /** `file` is the name that complaints bear, `after_line` how many of its lines come before the input (0). */
  | { name: 'import'; file: string; after_line?: number }
  /** Of a stretch alone (epoch ms, both included) it is as if the session had begun and ended there. */
  | { name: 'export'; session_id: string; from?: number | null; to?: number | null }
  /** `from`: what the step before has come to. */
  | { name: 'reindex'; from?: Rebuilding }
  | { name: 'erase'; session: string }
  | { name: 'erase'; visitor: string }
  /** Epoch ms. */
  | { name: 'erase'; before: number }
  /** Goes on with what an erasure has begun, until nothing is left of it in any store. */
  | { name: 'finish_erase'; receipt: EraseReceipt }
  /** Who makes the key keeps it: only its digest is told. */
  | { name: 'create_key'; key: NewKey }
  | { name: 'list_keys' }
  | { name: 'revoke_key'; key_name: string }
  | { name: 'list_shares' }
  | { name: 'revoke_share'; share_id: string }
  /** Lines of the audit log since `since` (epoch ms); `after`: where the step before has ended. */
  | { name: 'audit'; since: number; after?: string };

export type Reply =
  /** A line of the result. */
  | { line: string }
  /** A sentence about what could not be done. */
  | { complaint: string }
  | { imported: ImportResult }
  /** This was a step: the whole is done once this command is run too. */
  | { next: Command }
  /** The command as a whole came to nothing. */
  | { failed: string };

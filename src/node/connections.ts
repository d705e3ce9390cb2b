// Bounds how many connections are open: where one too many comes, the one that has been of use longest ago makes room. Used by listener.ts.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { refuse } from './refusals.ts';

/** Connections at once, where the system lets a process have as many. */
const CONNECTIONS_MAX = 10_000;
/** Open files that are left to stores and logs. */
const FILES_LEFT = 256;
/** ms for which an answer may be on its way before its connection can be made to give room. */
const ANSWER_MS = 30_000;
/** ms for which the other side may put off the end of a connection that is not in the sum any more. */
const SHORT_MS = 50;

/** The request that a connection brought last. */
interface Asked {
  /** Null: it is over. Whatever is held for as long as its connection idles is copied by every collection of young objects. */
  under: { incoming: IncomingMessage; outgoing: ServerResponse } | null;
  /** ms. */
  at: number;
}

export class Connections {
  /** Longest without a request first; null: it has not brought one yet. */
  private readonly open = new Map<Socket, Asked | null>();
  private readonly max: number;
  private readonly count: (reason: string) => void;
  private readonly now: () => number;

  /** `count` is told the reason of each connection that is refused or cut off; `now` in ms. */
  constructor(
    count: (reason: string) => void,
    { max = connectionsMax(), now = () => performance.now() }: { max?: number; now?: () => number } = {},
  ) {
    this.count = count;
    this.max = max;
    this.now = now;
  }

  watch(server: Server): void {
    server.on('connection', (socket) => {
      if (this.open.size >= this.max && !this.makeRoom()) {
        this.count('connections');
        return refuse(socket, 503, SHORT_MS);
      }
      this.open.set(socket, null);
      socket.once('close', () => this.open.delete(socket));
    });
  }

  /** Called at each request: its connection is of use. */
  note(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { socket } = incoming;
    // One that was cut off may still bring what was under way.
    if (!this.open.delete(socket)) return;
    const asked: Asked = { under: { incoming, outgoing }, at: this.now() };
    this.open.set(socket, asked);
    outgoing.on('close', () => {
      if (incoming.complete) asked.under = null;
    });
  }

  /** False: every connection is being answered just now. */
  private makeRoom(): boolean {
    const before = this.now() - ANSWER_MS;
    for (const [socket, asked] of this.open) {
      const state = stateOf(asked);
      if (state === 'answered' && asked!.at > before) continue;
      this.open.delete(socket);
      this.count(state === 'idle' ? 'connection_idle' : 'connection_slow');
      // Whoever has had no word of an answer yet gets one.
      if (state === 'asking' && !asked?.under?.outgoing.headersSent) refuse(socket, 503, SHORT_MS);
      else socket.destroy();
      return true;
    }
    return false;
  }
}

/** What a connection waits for: the rest of a request, the end of an answer, or another request. */
function stateOf(asked: Asked | null): 'asking' | 'answered' | 'idle' {
  if (asked?.under === null) return 'idle';
  if (!asked?.under.incoming.complete) return 'asking';
  return asked.under.outgoing.writableFinished ? 'idle' : 'answered';
}

/** As many as the system's limit on open files allows. */
function connectionsMax(): number {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: string | number } } };
  const files = Number(userLimits?.open_files?.soft);
  return files > 0 ? Math.max(1, Math.min(CONNECTIONS_MAX, files - FILES_LEFT)) : CONNECTIONS_MAX;
}

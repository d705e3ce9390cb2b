// Opens a port with many sockets that share it, so that new connections are let in while much is asked on others. Called by listener.ts.
import { once } from 'node:events';
import { createServer, type ListenOptions, type Server } from 'node:net';
import { StartError } from '../server/start-error.ts';

/**
 * Node takes one connection of each listening socket in a turn of the event loop. Under load turns are long: with a
 * single socket a handful of busy connections would keep everybody else waiting at the door.
 */
const DOORS = 256;
/** Connections that wait at each; the system may bound it to less. */
const BACKLOG = 8192;

/** Makes `server` listen, and resolves to what closes every door: it resolves when no connection is left. Rejects where the port cannot be had. */
export async function openDoors(server: Server, host: string, port: number): Promise<() => Promise<void>> {
  const own = await freePort(host, port);
  const options = { host, port: own, backlog: BACKLOG };
  const doors = [server];
  try {
    await listenAt(server, { ...options, reusePort: true });
    for (let i = 1; i < DOORS; i++) {
      // As an http.Server has them; their timeouts are those of `server`.
      const door = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket));
      await listenAt(door, { ...options, reusePort: true });
      doors.push(door);
    }
  } catch {
    // Not every system shares ports.
    if (!server.listening) await listenAt(server, options);
  }
  return async () => {
    await Promise.all(doors.map((door) => new Promise((resolve) => door.close(resolve))));
  };
}

/** The port, once nobody else has it: those that share one would not be told of each other. */
async function freePort(host: string, port: number): Promise<number> {
  const probe = createServer();
  await listenAt(probe, { host, port });
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : port;
}

function listenAt(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** What the owner can do about a port that cannot be had. Used by dev-cloudflare.ts, too. */
export function cannotListen(host: string, port: number, { code, message }: NodeJS.ErrnoException): StartError {
  const isTaken = code === 'EADDRINUSE';
  const why = isTaken ? 'another program has it' : message;
  // Ports below 1024 may be refused by the system; an address may be none of this machine's.
  const what = isTaken || code === 'EACCES' ? 'PORT to another one' : 'HOST to an address of this machine';
  return new StartError(`Silhouette cannot listen on ${host} port ${port}: ${why}. Set ${what}.`);
}

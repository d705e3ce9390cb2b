// The HTTP listener on Node: limits on slow and large requests, refusals of what is not HTTP, and an end that drains. Called by main.ts.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener, type HttpBindings, RequestError } from '@hono/node-server';
import type { Bodies } from '../server/bodies.ts';
import { Problem } from '../server/problem.ts';
import { isSlow, readAhead } from './body.ts';
import { Connections } from './connections.ts';
import { cannotListen, openDoors } from './doors.ts';
import { problemText, REFUSAL_HEADERS, refuse, refuseSoon, secondsLater } from './refusals.ts';
import type { Settings } from './settings.ts';
import { Turns } from './turns.ts';

type Fetch = (request: Request, incoming: IncomingMessage) => Response | Promise<Response>;

export interface Listener {
  /** The address to open in a browser on this machine. */
  origin: string;
  /** Takes nothing new and resolves when all that is under way is answered; what is not after `patience` ms is cut off. */
  close(patience: number): Promise<void>;
}

/** `count` is told the reason of whatever is refused before it is a request, `log` what was sent and could not be read. Throws StartError where it cannot have the port. */
export async function listen(
  { host, port }: Pick<Settings, 'host' | 'port'>,
  fetch: Fetch,
  bodies: Bodies,
  count: (reason: string) => void,
  log: (status: number, reason: string) => void,
): Promise<Listener> {
  const note = (status: number, reason: string) => {
    count(reason);
    // Those that are too slow are many, and have sent nothing that anybody could learn from.
    if (reason !== 'too_slow') log(status, reason);
  };
  /** The parser tells of them, or the body, or both. */
  const gone = new WeakSet<Socket>();
  const noteGone = (socket: Socket) => {
    if (!gone.has(socket)) count('broken_off');
    gone.add(socket);
  };
  const options = {
    maxHeaderSize: 16 * 1024,
    // What is too slow is found every half second, and gone by 10 and 30 s.
    headersTimeout: 8500,
    requestTimeout: 29_000,
    connectionsCheckingInterval: 500,
    // A tracker posts every 5 s at most: its connection is kept in between, and behind a proxy longer than the proxy's own.
    keepAliveTimeout: 65_000,
    // A request without one is refused below, with a body.
    requireHostHeader: false,
  };
  const serve = (request: Request, env: unknown) => {
    const { incoming } = env as HttpBindings;
    const hosts = hostsOf(incoming);
    // HTTP/1.0 needs none: so ask the health checks of some load balancers. Of two, a proxy may have meant the other.
    if (hosts > 1 || (hosts === 0 && incoming.httpVersion !== '1.0')) throw new RequestError('not one host');
    return fetch(request, incoming);
  };
  const answer = getRequestListener(serve, {
    hostname: 'localhost',
    // What is HTTP and yet no request: no host, an address that is none.
    errorHandler: (error) => {
      const status = error instanceof RequestError ? 400 : 503;
      const headers = status === 503 ? { ...REFUSAL_HEADERS, 'retry-after': '5' } : REFUSAL_HEADERS;
      note(status, status === 503 ? 'internal' : 'not_http');
      return new Response(problemText(status), { status, headers });
    },
  });
  const connections = new Connections(count);
  const turns = new Turns();
  const server = createServer(options, (incoming, outgoing) => {
    connections.note(incoming, outgoing);
    const isSmall = () => isSmallBatch(incoming);
    const isOverloaded = () => turns.isOverloaded(incoming.socket, isSmall, () => turnAway(incoming, outgoing));
    if (incoming.url !== '/health' && isOverloaded()) return count('busy');
    // What came with the head has been taken in by then.
    queueMicrotask(() => {
      if (!isSlow(incoming)) return answer(incoming, outgoing);
      readAhead(incoming, bodies).then(
        () => answer(incoming, outgoing),
        (error) => {
          if (!(error instanceof Problem)) return noteGone(incoming.socket);
          count(error.reason);
          turnAway(incoming, outgoing, ['connection', 'close']);
        },
      );
    });
  });
  connections.watch(server);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'HPE_INVALID_EOF_STATE') noteGone(socket as Socket);
    // What is counted below is counted by that alone.
    else if (error.code !== 'ECONNRESET') gone.add(socket as Socket);
    refuseError(error, socket as Socket, note);
  });
  const close = await openDoors(server, host, port).catch((error) => {
    throw cannotListen(host, port, error);
  });
  return {
    origin: originOf(server, host),
    async close(patience) {
      // A connection that is busy when the server closes is closed only when it idles next.
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      const cut = setTimeout(() => server.closeAllConnections(), patience);
      await close();
      clearInterval(idle);
      clearTimeout(cut);
    },
  };
}

const BUSY = problemText(503);
const BUSY_HEADERS = { ...REFUSAL_HEADERS, 'content-length': String(Buffer.byteLength(BUSY)) };
/** A page's script is to see when it may come again. */
const BUSY_COLLECT_HEADERS = {
  ...BUSY_HEADERS,
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after',
};
/** Flat, as Node writes them fastest. */
const flat = (headers: Record<string, string>) => Object.entries(headers).flat();
const BUSY_FLAT = flat(BUSY_HEADERS);
const BUSY_COLLECT_FLAT = flat(BUSY_COLLECT_HEADERS);

/** Without the app: it costs a third of what an answer does. */
function turnAway(incoming: IncomingMessage, outgoing: ServerResponse, more: string[] = []): void {
  const headers = incoming.url === '/collect' ? BUSY_COLLECT_FLAT : BUSY_FLAT;
  outgoing.writeHead(503, [...headers, 'retry-after', String(secondsLater()), ...more]).end(BUSY);
}

/** Bytes of a batch that is here as soon as its head is. */
const SMALL = 16 * 1024;

function isSmallBatch({ url, headers }: IncomingMessage): boolean {
  return url === '/collect' && Number(headers['content-length']) <= SMALL;
}

function hostsOf({ rawHeaders }: IncomingMessage): number {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (/^host$/i.test(rawHeaders[i]!)) hosts++;
  return hosts;
}

function originOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const isAny = host === '0.0.0.0' || host === '::';
  return `http://${isAny ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** What is not HTTP, or came too slowly, or has too large a head, gets an answer of the form that every refusal has. */
function refuseError(
  error: NodeJS.ErrnoException,
  socket: Socket,
  note: (status: number, reason: string) => void,
): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const [status, reason] = ERRORS[error.code ?? ''] ?? [400, 'not_http'];
  if (error.code !== 'HPE_INVALID_EOF_STATE') note(status, reason);
  if (status === 408) refuseSoon(socket, status);
  else refuse(socket, status);
}

const ERRORS: Record<string, [status: number, reason: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'head_size'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'too_slow'],
};

// The HTTP listener on Node: limits on slow and large requests, refusals of what is not HTTP, and an end that drains. Called by main.ts.
import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener, type HttpBindings, RequestError } from '@hono/node-server';
import { StartError } from '../server/start-error.ts';
import type { Settings } from './settings.ts';

type Fetch = (request: Request, incoming: IncomingMessage) => Response | Promise<Response>;

export interface Listener {
  /** The address to open in a browser on this machine. */
  origin: string;
  /** Takes nothing new and resolves when all that is under way is answered; what is not after `patience` ms is cut off. */
  close(patience: number): Promise<void>;
}

/** Throws StartError where it cannot have the port. */
export async function listen({ host, port }: Settings, fetch: Fetch): Promise<Listener> {
  const options = {
    maxHeaderSize: 16 * 1024,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    connectionsCheckingInterval: 5000,
    // A tracker posts every 5 s at most: its connection is kept in between, and behind a proxy longer than the proxy's own.
    keepAliveTimeout: 65_000,
    // A request without one is refused below, with a body.
    requireHostHeader: false,
  };
  const serve = (request: Request, env: unknown) => {
    const { incoming } = env as HttpBindings;
    // HTTP/1.0 needs none: so ask the health checks of some load balancers.
    if (incoming.headers.host === undefined && incoming.httpVersion !== '1.0') throw new RequestError('no host');
    return fetch(request, incoming);
  };
  const answer = getRequestListener(serve, {
    hostname: 'localhost',
    // What is HTTP and yet no request: no host, an address that is none.
    errorHandler: (error) => {
      const headers = { 'content-type': PROBLEM };
      if (error instanceof RequestError) return new Response(problem(400), { status: 400, headers });
      return new Response(problem(503), { status: 503, headers: { ...headers, 'retry-after': '5' } });
    },
  });
  const server = createServer(options, answer);
  server.on('clientError', refuse);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'another program has it' : error.message;
      reject(new StartError(`Silhouette cannot listen on ${host} port ${port}: ${why}. Set PORT to another one.`));
    });
    server.listen(port, host, resolve);
  });
  return {
    origin: originOf(server, host),
    async close(patience) {
      // A connection that is busy when the server closes is closed only when it idles next.
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      const cut = setTimeout(() => server.closeAllConnections(), patience);
      await new Promise((resolve) => server.close(resolve));
      clearInterval(idle);
      clearTimeout(cut);
    },
  };
}

function originOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const isAny = host === '0.0.0.0' || host === '::';
  return `http://${isAny ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}`;
}

const PROBLEM = 'application/problem+json';

function problem(status: number): string {
  return JSON.stringify({
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail: 'the request cannot be read',
  });
}

/** What is not HTTP, or came too slowly, or has too large a head, gets an answer of the form that every refusal has. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code ?? ''] ?? 400;
  const body = problem(status);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${PROBLEM}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

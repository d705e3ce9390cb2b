// The soonest that a server of this runtime can refuse: one that does nothing else, as a process of its own; prints its port. Started by main.ts.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const BODY = JSON.stringify({ type: 'about:blank', title: 'Service Unavailable', status: 503 });

const server = createServer((_, outgoing) => {
  outgoing.writeHead(503, ['content-length', String(BODY.length), 'retry-after', '1']).end(BODY);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});

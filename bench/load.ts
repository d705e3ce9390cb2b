// A load of batches for the ingest benchmark: raw sockets, one request under way on each. Run as a process of its own:
// load.ts PORT CONNECTIONS SECONDS; prints {"requests","seconds","p50","p99","failed"} as JSON.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const [port, connections, seconds] = process.argv.slice(2).map(Number) as [number, number, number];
const EVENTS = 45;
/** Batches of a five-minute session. */
const BATCHES = 60;
const PAGE = 'https://shop.example/products';

const latencies: number[] = [];
let failed = 0;
let measuring = false;
let stopped = false;

/** A batch as a tracker without the packed form would send it; what differs between batches is put in last. */
function bodies(): (seq: number) => string {
  const now = Date.now();
  const key = `${(now - 10_000).toString(36)}-${randomBytes(18).toString('base64url')}`;
  const events = Array.from({ length: EVENTS }, (_, i) => ({
    event_type: i % 15 === 14 ? 'click' : 'mousemove',
    x: (i * 37) % 1400,
    y: (i * 53) % 800,
    ...(i % 15 === 14 ? { element: 'BUTTON#cta.hero-btn' } : {}),
    page: PAGE,
    timestamp: now - 5000 + i * 100,
  }));
  const start = JSON.stringify({ v: 1, session_key: key, visitor_id: key.slice(-16), page_id: 'p1', sent_at: now });
  const rest = JSON.stringify({ events }).slice(1);
  return (seq) => `${start.slice(0, -1)},"seq":${seq},${rest}`;
}

function run(): void {
  const socket = connect(port, '127.0.0.1');
  let body = bodies();
  let seq = 0;
  let began = 0;
  let answer = '';
  const send = () => {
    if (stopped) return socket.end();
    if (seq === BATCHES) {
      body = bodies();
      seq = 0;
    }
    const text = body(seq++);
    began = performance.now();
    socket.write(
      `POST /collect HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
    );
  };
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('connect', send);
  socket.on('data', (chunk: string) => {
    answer += chunk;
    const head = answer.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0);
    if (answer.length < head + 4 + length) return;
    if (measuring) latencies.push(performance.now() - began);
    if (!answer.startsWith('HTTP/1.1 20')) failed++;
    answer = '';
    send();
  });
  socket.on('error', () => failed++);
}

for (let i = 0; i < connections; i++) run();
setTimeout(() => {
  measuring = true;
  const began = performance.now();
  setTimeout(() => {
    stopped = true;
    latencies.sort((a, b) => a - b);
    const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
    const measured = (performance.now() - began) / 1000;
    console.log(JSON.stringify({ requests: latencies.length, seconds: measured, p50: at(0.5), p99: at(0.99), failed }));
  }, seconds * 1000);
}, 2000);

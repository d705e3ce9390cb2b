// What the app is made of, and what its use cases share: the options a platform gives, the sender of a request, the stores and limits.
import type { Access } from './api-key.ts';
import type { Asset } from './assets.ts';
import type { Audit } from './audit.ts';
import type { Bodies, Meter } from './bodies.ts';
import type { Counters } from './counters.ts';
import type { Ports, Writer } from './ports.ts';
import type { ClientLimits } from './rate-limit.ts';
import type { Readings } from './readings.ts';

/** What the platform knows of the sender. */
export interface Client {
  /** For rate limits only; never stored. */
  address: string;
  /** ISO 3166-1 alpha-2, by proxy header or database; null: unknown. */
  country: string | null;
  /** One header of the request, where the platform has a cheaper way to it than building them all. */
  header?(name: string): string | null;
  /** All bytes of the request's body, likewise, told to `meter` as they come. Rejects where they do not come whole, and with what `meter` throws. */
  body?(meter: Meter): Promise<Uint8Array<ArrayBuffer>>;
}

export interface RequestLine {
  method: string;
  route: string;
  status: number;
  ms: number;
  /** Why it was refused. */
  reason?: string;
  /** What was thrown: a Problem, a StoreUnavailable, or a fault of the program. */
  error?: Error;
}

export interface AppOptions {
  apiKey: string;
  /** Exact origins that may record; null: any. */
  allowedOrigins: readonly string[] | null;
  rateLimits: boolean;
  respectPrivacySignals: boolean;
  recordBots: boolean;
  retentionDays: number;
  /** Sessions that one request, or one run of what happens by itself, removes or moves; Infinity: all. What is over goes on later. */
  sessionsAtOnce: number;
  /** Running sessions of a list that are asked how they are now; Infinity: all. */
  askedAtOnce: number;
  assets: {
    tracker: Asset;
    viewer: Asset;
    /** The viewer's Content-Security-Policy. */
    viewerPolicy: string;
    /** Path below /demo/ to file; null: no demo here. */
    demo: ReadonlyMap<string, Asset> | null;
  };
  /** Absent: those of one process. */
  counters?: Counters;
  clientLimits?: ClientLimits;
  /** Absent: nothing of what is read at once is bounded here. */
  readings?: Readings;
  /** ms from one object of the audit log to the next (0). */
  auditPause?: number;
  /** Lets work go on after the answer; its failures are its own. */
  background(work: Promise<unknown>): void;
  /** Called once a request; `route` is the pattern, never the address itself. */
  log(line: RequestLine): void;
  /** True once the process is about to stop. */
  stopping(): boolean;
}

/** What the use cases share. */
export interface App {
  ports: Ports;
  options: AppOptions;
  writer: Writer;
  counters: Counters;
  clientLimits: ClientLimits;
  bodies: Bodies;
  audit: Audit;
  /** Epoch ms: sessions whose last event, or import, lies before it are expired. */
  keptSince(): number;
  fetch(request: Request, client: Client): Response | Promise<Response>;
}

/** `access`: where the key was looked at. */
export type Env = { Bindings: { client: Client }; Variables: { access: Access } };

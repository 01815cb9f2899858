import type { AnyRunnable, Clock } from "@orch/core";
import { COUNT, checkNumbers, DELAY, systemClock, systemRandom, TIME } from "@orch/core/doors";
import type { AnyOrchestration, Operation } from "@orch/core/host";
import { systemFetch } from "../client/fetch-door.ts";
import { plainAddress } from "../client/plain-address.ts";
import { type AdminOptions, registerDeployment } from "../client/register-deployment.ts";
import { RunService } from "../client/run-service.ts";
import { MAX_PAYLOAD } from "../words/max-payload.ts";
import { serviceNames } from "../words/service-names.ts";
import { Definitions } from "./definitions.ts";
import { type Listening, listenOn, type WorkerHandler } from "./listen.ts";
import { OnceNotes } from "./once-notes.ts";
import { loadSdk, type PlatformDoor, systemLog } from "./sdk.ts";
import type { SegmentRules } from "./segment-parts.ts";
import { serviceHandler } from "./services.ts";
import type { WorkerLog } from "./worker-log.ts";

/** How long a call to the ingress may take, in milliseconds. */
const CALL = 30_000;

/** How a {@link RestateWorker} works. All workers behind one address have the same options. */
export interface RestateWorkerOptions {
  /** The orchestrations that it drives. Several versions of one may be there, so that runs of an older one end. */
  readonly flows: readonly AnyOrchestration[];
  /**
   * The states whose attempts any worker may perform: all of them, or those that are named by their ids. The attempts of
   * others are performed by the worker that drives the run, which is quicker. Default: none.
   */
  readonly remote?: true | readonly (string | AnyRunnable)[];
  /** Default 9080; 0 takes a free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly hostname?: string;
  /** The first part of the services' names. Default "orch". */
  readonly prefix?: string;
  /**
   * The address of the server's ingress, as this worker reaches it. With it a value of `ctx.once` is kept when it is made, by a
   * call that takes some milliseconds; without it, when its attempt ends, so that an attempt whose process dies makes it again.
   */
  readonly ingress?: string;
  /** Sent with each call to the ingress, like a token that a proxy asks for. */
  readonly headers?: { readonly [name: string]: string };
  /** The public keys of the servers that may call, as they print them (`publickeyv1_...`). Without them everyone who reaches the port may. */
  readonly identityKeys?: readonly string[];
  /** The largest value that a state may leave, in bytes. Default 4 MiB; the server refuses entries above 32 MiB. */
  readonly maxPayload?: number;
  /** How long an attempt may take until the server gives its worker up, in milliseconds. Default: an hour. */
  readonly longestAttempt?: number;
  /** After how long a run that waits lets go of its worker, in milliseconds. Default 30,000. */
  readonly restAfter?: number;
  /** After how many arrivals a run goes on with a new journal of the engine. Default 256. */
  readonly journalLength?: number;
  /** After how long a run that has ended is forgotten, in milliseconds. Default: it is kept. */
  readonly retention?: number;
  /** Takes what the SDK says of attempts that are tried again and requests that are refused. Default: lines on stderr. */
  readonly log?: WorkerLog;
  readonly clock?: Clock;
}

/** Drives runs for a Restate server. */
export interface RestateWorker {
  /** A handler for an HTTP/2 server of your own. @throws RestatePlatformError. */
  readonly handler: () => Promise<WorkerHandler>;
  /** Listens, and gives the address. @throws RestatePlatformError; an error of Node when the port is taken. */
  readonly listen: () => Promise<{ readonly url: string }>;
  /** Tells a server, by the address of its admin API, that this worker is there. `url` is its address as the server reaches it; default: where it listens. */
  readonly register: (admin: string, url?: string, options?: AdminOptions) => Promise<void>;
  /** Stops listening. Attempts that are under way get so many milliseconds to end; default 0. What is cut is done again by another worker. */
  readonly close: (options?: { readonly drain?: number }) => Promise<void>;
}

/** For tests. */
export interface WorkerDoors extends PlatformDoor {
  readonly watch?: SegmentRules["watch"];
  readonly definitions?: Definitions;
}

/**
 * A worker that drives runs for a Restate server. It needs `@restatedev/restate-sdk` and Node 22 or newer.
 *
 * @example
 * ```ts
 * const worker = restateWorker({ flows: [research], remote: [search] });
 * await worker.listen();
 * await worker.register("http://127.0.0.1:9070");
 * ```
 */
export function restateWorker(options: RestateWorkerOptions): RestateWorker {
  return workerWith(options, {});
}

/** A worker of which a test has the doors. */
export function workerWith(options: RestateWorkerOptions, doors: WorkerDoors): RestateWorker {
  const { port = 9080, hostname = "127.0.0.1", longestAttempt = 3_600_000, restAfter = 30_000 } = options;
  const { maxPayload = MAX_PAYLOAD, journalLength = 256, retention } = options;
  checkNumbers(TIME, { longestAttempt });
  checkNumbers(DELAY, { restAfter, retention });
  checkNumbers(COUNT, { maxPayload, journalLength });
  const definitions = doors.definitions ?? new Definitions(options.flows);
  const rules: SegmentRules = {
    segmentLength: journalLength,
    restAfter,
    maxPayload,
    clock: options.clock ?? systemClock,
    isRemote: remoteBy(options.remote),
    notes: notesBy(options),
    watch: doors.watch,
  };
  const names = serviceNames(options.prefix);
  let made: Promise<WorkerHandler> | undefined;
  let listening: Listening | undefined;
  const make = async (): Promise<WorkerHandler> => {
    const sdk = await loadSdk(doors);
    const { identityKeys, log = systemLog } = options;
    return serviceHandler({ sdk, names, definitions, rules, retention, longestAttempt, identityKeys, log });
  };
  const handler = (): Promise<WorkerHandler> => {
    made ??= make();
    return made;
  };
  return {
    handler,
    listen: async () => {
      listening ??= await listenOn(await handler(), port, hostname);
      return { url: listening.url };
    },
    register: (admin, url = listening?.url ?? `http://${hostname}:${port}`, more = {}) =>
      registerDeployment(admin, url, more),
    close: async ({ drain = 0 } = {}) => {
      await listening?.close(drain);
      listening = undefined;
    },
  };
}

/** How values of `ctx.once` are kept at once, where there is an ingress for it. */
function notesBy(options: RestateWorkerOptions): OnceNotes | undefined {
  const { ingress, prefix, headers = {}, log = systemLog, clock = systemClock } = options;
  if (ingress === undefined) return undefined;
  const calls = { fetch: systemFetch, clock, timeout: CALL, headers, random: systemRandom };
  const maxPayload = options.maxPayload ?? MAX_PAYLOAD;
  const names = serviceNames(prefix);
  return new OnceNotes(
    new RunService({ ...calls, ingress: plainAddress("ingress", ingress), names, maxPayload }),
    log,
  );
}

function remoteBy(remote: RestateWorkerOptions["remote"] = []): (operation: Operation) => boolean {
  if (remote === true) return () => true;
  const ids = new Set(remote.map((one) => (typeof one === "string" ? one : one.id)));
  return ({ path }) => ids.has(/([^/[\]]+)#\d+$/.exec(path)?.[1] ?? "");
}

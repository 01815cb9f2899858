import type { Clock, Orchestration, Random, Run, RunOptions } from "@orch/core";
import { COUNT, checkNumbers, systemClock, systemRandom, TIME } from "@orch/core/doors";
import { type Capabilities, ClientHost, type Host, type RunHandle, type RunSpec } from "@orch/core/host";
import { serviceNames } from "../words/service-names.ts";
import { type FetchDoor, systemFetch } from "./fetch-door.ts";
import { restateClient } from "./restate-client.ts";
import { RunService } from "./run-service.ts";

/** How a {@link RestateHost} works. */
export interface RestateHostOptions {
  /** The address of the server's ingress, like `http://127.0.0.1:8080`. */
  readonly ingress: string;
  /** The address of the server's admin API, like `http://127.0.0.1:9070`. Only `list` needs it. */
  readonly admin?: string;
  /** The first part of the services' names, as the workers have it. Default "orch". */
  readonly prefix?: string;
  /** How long one call may take, in milliseconds. Default 30,000. */
  readonly timeout?: number;
  /** For how long the server may be away while a run is followed, in milliseconds. Default 60,000. */
  readonly patience?: number;
  /** The largest input, answer or signal, in bytes. Default 4 MiB. */
  readonly maxPayload?: number;
  /** Sent with every call, like a token that a proxy asks for. */
  readonly headers?: { readonly [name: string]: string };
  readonly fetch?: FetchDoor;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** What runs on Restate can do. */
export const restateCapabilities: Capabilities = {
  keeps: true,
  failover: "itself",
  decisions: "recalled",
  once: "with the attempt",
  liveOutput: false,
  steps: "anywhere",
};

/** Starts, follows and steers runs that the workers of a Restate server drive. */
export class RestateHost implements Host {
  readonly capabilities: Capabilities = restateCapabilities;
  readonly #host: ClientHost;

  constructor(options: RestateHostOptions) {
    const { ingress, prefix, timeout = 30_000, patience = 60_000, maxPayload = 4 * 1024 * 1024 } = options;
    const { headers = {}, fetch = systemFetch, clock = systemClock, random = systemRandom } = options;
    checkNumbers(TIME, { timeout, patience });
    checkNumbers(COUNT, { maxPayload });
    const calls = { fetch, clock, timeout, headers };
    const names = serviceNames(prefix);
    const service = new RunService({
      ...calls,
      ingress: ingress.replace(/\/+$/, ""),
      names,
      random,
      maxPayload,
    });
    const client = restateClient({ service, clock, patience });
    this.#host = new ClientHost(client, { capabilities: this.capabilities });
  }

  /** Makes a run of an orchestration ready; `orchestration.run` and `orchestration.start` call this. */
  open(spec: RunSpec): RunHandle {
    return this.#host.open(spec);
  }

  /** Follows a run that was started before, here or elsewhere. */
  follow<TOutput>(
    orchestration: Orchestration<never, TOutput>,
    runId: string,
    options: Pick<RunOptions, "signal" | "onListenerError"> = {},
  ): Run<TOutput> {
    return this.#host.follow(orchestration, runId, options);
  }
}

/**
 * A host whose runs live on a Restate server, driven by workers.
 *
 * @example
 * ```ts
 * const host = restateHost({ ingress: "http://127.0.0.1:8080", admin: "http://127.0.0.1:9070" });
 * const run = research.start("AI in healthcare", { host, runId: "r1" });
 * ```
 */
export function restateHost(options: RestateHostOptions): RestateHost {
  return new RestateHost(options);
}

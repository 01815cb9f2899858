import type {
  Clock,
  OpenQuestion,
  Orchestration,
  OrchestrationEvent,
  Random,
  Run,
  RunDescription,
  RunOptions,
  SignalKind,
  SignalOptions,
} from "@orch/core";
import { isOrchError } from "@orch/core";
import { COUNT, checkNumbers, systemClock, systemRandom, TIME } from "@orch/core/doors";
import {
  type AnyOrchestration,
  type Capabilities,
  ClientHost,
  type Host,
  type KeptRun,
  type RunClient,
  type RunHandle,
  type RunSpec,
} from "@orch/core/host";
import { refusedOption } from "../errors/refused-option.ts";
import { MAX_PAYLOAD } from "../words/max-payload.ts";
import type { RunCard } from "../words/run-card.ts";
import { serviceNames } from "../words/service-names.ts";
import { type FetchDoor, systemFetch } from "./fetch-door.ts";
import { moveToNewest } from "./newest-deployment.ts";
import { plainAddress } from "./plain-address.ts";
import { type ClientParts, restateClient } from "./restate-client.ts";
import { RestateRun } from "./restate-run.ts";
import { readUntilNow, unknownRun } from "./run-feed.ts";
import { listRuns, type RestateRunQuery, type RunListParts } from "./run-list.ts";
import { RunService } from "./run-service.ts";

/** The statuses of runs that have ended. */
const ENDS: ReadonlySet<string> = new Set(["completed", "failed", "cancelled"]);

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
  readonly #service: RunService;
  readonly #parts: ClientParts;
  readonly #client: RunClient;
  readonly #list: RunListParts;

  constructor(options: RestateHostOptions) {
    const { ingress, admin, prefix, timeout = 30_000, patience = 60_000, maxPayload = MAX_PAYLOAD } = options;
    const { headers = {}, fetch = systemFetch, clock = systemClock, random = systemRandom } = options;
    checkNumbers(TIME, { timeout, patience });
    checkNumbers(COUNT, { maxPayload });
    const calls = { fetch, clock, timeout, headers };
    const names = serviceNames(prefix);
    this.#service = new RunService({
      ...calls,
      ingress: plainAddress("ingress", ingress),
      names,
      random,
      maxPayload,
    });
    this.#parts = { service: this.#service, clock, patience };
    this.#client = restateClient(this.#parts);
    this.#host = new ClientHost(this.#client, { capabilities: this.capabilities });
    this.#list = { admin: admin === undefined ? undefined : plainAddress("admin", admin), names, calls };
  }

  /** Makes a run of an orchestration ready; `orchestration.run` and `orchestration.start` call this. */
  open(spec: RunSpec): RunHandle {
    const { ifExists, runId } = spec.options;
    if (ifExists === "retry") throw refusedOption("ifExists", ifExists, '"refuse" or "resume"');
    if (ifExists === "resume" && runId === undefined)
      throw refusedOption("runId", "undefined", "the id of the run");
    return this.#host.open(spec);
  }

  /** Follows a run that was started before, here or elsewhere. Its end is that of the run; a run that is not there fails it with `ORCH_UNKNOWN_RUN`. */
  follow<TOutput>(
    orchestration: Orchestration<never, TOutput>,
    runId: string,
    options: Pick<RunOptions, "signal" | "onListenerError"> = {},
  ): Run<TOutput> {
    return this.#host.follow(orchestration, runId, options);
  }

  /**
   * Follows a run, and has it driven again where the invocation that drove it was killed on the server. With the option
   * `admin`, what waits for a worker at an address where none is any more goes on at the newest deployment. Workers take up
   * the runs of workers that have died at their own address by themselves, without this.
   *
   * @throws UnknownRunError.
   */
  async resume<TOutput>(
    orchestration: Orchestration<never, TOutput>,
    runId: string,
    options: Pick<RunOptions, "signal" | "onListenerError"> = {},
  ): Promise<Run<TOutput>> {
    const driver = await this.#service.driver(runId);
    if (driver === undefined) throw unknownRun(runId);
    await moveToNewest(runId, driver, this.#list);
    await this.#service.resume(runId, driver);
    return this.follow(orchestration, runId, options);
  }

  /** A run to follow and to steer, whichever worker drives it. The orchestration is only needed for `change`. */
  run(runId: string, orchestration?: AnyOrchestration): KeptRun {
    return this.#run(runId, orchestration);
  }

  /**
   * Answers an open question of a run. Resolves when the answer counts.
   *
   * @throws UnknownRunError, UnknownQuestionError, AlreadyAnsweredError, QuestionClosedError, InvalidAnswerError; the answer
   * changed nothing.
   */
  async answer(
    orchestration: AnyOrchestration,
    runId: string,
    question: string,
    value: unknown,
  ): Promise<void> {
    return this.#run(runId, orchestration).answer(question, value);
  }

  /**
   * Sends a signal to a run; `kind` is a kind or its name. Resolves when the run has received it. With a `key`, a second
   * signal of the kind and key changes nothing.
   *
   * @throws UnknownRunError, UnknownSignalError, InvalidSignalError, MailboxFullError, RunEndedError; the run has not
   * received it.
   */
  async signal<TInput>(
    orchestration: AnyOrchestration,
    runId: string,
    kind: SignalKind<unknown, TInput> | string,
    value: NoInfer<TInput>,
    options?: SignalOptions,
  ): Promise<void> {
    return this.#run(runId, orchestration).signal(kind, value, options);
  }

  /** Cancels a run, and resolves when it has ended as cancelled. @throws UnknownRunError; RunEndedError when it has ended otherwise. */
  async cancel(orchestration: AnyOrchestration, runId: string, reason?: string): Promise<void> {
    return this.#run(runId, orchestration).cancel(reason);
  }

  /** The open questions of a run. */
  async questions(orchestration: AnyOrchestration, runId: string): Promise<readonly OpenQuestion[]> {
    return this.#run(runId, orchestration).questions();
  }

  /** Where a run is. */
  async describe(orchestration: AnyOrchestration, runId: string): Promise<RunDescription> {
    return this.#run(runId, orchestration).describe();
  }

  /** What happened in a run by now. */
  async events(_orchestration: AnyOrchestration, runId: string): Promise<readonly OrchestrationEvent[]> {
    return (await readUntilNow(runId, this.#parts)).events;
  }

  /** A run as a list shows it; `undefined` when it is not there. */
  async get(runId: string): Promise<RunCard | undefined> {
    try {
      return await this.#run(runId, undefined).card();
    } catch (error) {
      if (isOrchError(error, "ORCH_UNKNOWN_RUN")) return undefined;
      throw error;
    }
  }

  /** Runs, newest first, at most 100 unless the query says otherwise; the id of the last one leads to the next page, as `after`. Needs `admin`. */
  async list(query: RestateRunQuery = {}): Promise<readonly RunCard[]> {
    const { after, ...rest } = query;
    const last = after === undefined ? undefined : await this.get(after);
    if (after !== undefined && last === undefined)
      throw refusedOption("after", after, "the id of a run that is there");
    return listRuns(rest, last, this.#list);
  }

  /** Removes a run that has ended, with all that belongs to it. @throws UnknownRunError; OptionError while it has not ended: cancel it first. */
  async delete(runId: string): Promise<void> {
    const { status } = await this.#run(runId, undefined).card();
    if (!ENDS.has(status))
      throw refusedOption("runId", runId, "the id of a run that has ended; cancel it first");
    await this.#service.forget(runId);
  }

  /** Nothing is open between two calls. It is here so that a host can be closed without a look at its kind. */
  async close(): Promise<void> {}

  #run(runId: string, orchestration: AnyOrchestration | undefined): RestateRun {
    return new RestateRun(runId, { ...this.#parts, client: this.#client, orchestration });
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

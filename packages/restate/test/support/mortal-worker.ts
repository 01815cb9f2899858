/** A place for the runs of one test on a server that tests share, and the worker that drives them. */
import type { OrchestrationEvent } from "@orch/core";
import type { AnyOrchestration, Host, RunSpec } from "@orch/core/host";
import type { HostCrash, HostProcess, HostUnderTest } from "@orch/testing/conformance";
import { type RestateHost, restateCapabilities, restateHost } from "../../src/client/restate-host.ts";
import { Definitions } from "../../src/worker/definitions.ts";
import {
  type RestateWorker,
  type RestateWorkerOptions,
  workerWith,
} from "../../src/worker/restate-worker.ts";

/** A server, as far as a test needs it. */
export interface TestServer {
  readonly ingress: string;
  readonly admin: string;
}

/** How the moment of a crash is found. */
interface Life {
  readonly crash: HostCrash | undefined;
  kept: number;
  hasCrashed: boolean;
}

/** A worker in this process which dies, as far as the server can see, when the test says so. */
export class MortalWorker {
  readonly definitions: Definitions = new Definitions([]);
  readonly host: RestateHost;
  readonly #worker: RestateWorker;
  readonly #server: TestServer;
  #life: Life = { crash: undefined, kept: 0, hasCrashed: false };
  #places = 0;

  constructor(server: TestServer, options: Partial<RestateWorkerOptions> = {}) {
    this.#server = server;
    const watch = (moment: "before" | "after"): void => this.#watch(moment);
    const doors = { definitions: this.definitions, watch };
    this.#worker = workerWith(
      { flows: [], port: 0, log: (line) => process.env["ORCH_LOG"] && console.error(line), ...options },
      doors,
    );
    this.host = restateHost({ ...server, ...(options.prefix !== undefined && { prefix: options.prefix }) });
  }

  async start(): Promise<void> {
    await this.#worker.listen();
    await this.#worker.register(this.#server.admin);
  }

  close(): Promise<void> {
    return this.#worker.close();
  }

  /** A fresh place: the ids of its runs begin with a name of its own. */
  place(): HostUnderTest {
    this.#places += 1;
    const prefix = `place-${this.#places}-`;
    return { capabilities: restateCapabilities, begin: (crash) => this.#begin(prefix, crash) };
  }

  #begin(prefix: string, crash: HostCrash | undefined): HostProcess {
    const life: Life = { crash, kept: 0, hasCrashed: false };
    this.#life = life;
    const learn = (flow: AnyOrchestration): void => this.definitions.add(flow);
    const { host } = this;
    const named: Host = {
      capabilities: restateCapabilities,
      open: (spec: RunSpec) => {
        const { runId } = spec.options;
        const options = { ...spec.options, ...(runId !== undefined && { runId: prefix + runId }) };
        const handle = host.open({ ...spec, options });
        learn(spec.runnable as AnyOrchestration);
        return handle;
      },
    };
    return {
      host: named,
      hasCrashed: () => life.hasCrashed,
      resume: async (flow, runId) => {
        learn(flow);
        return host.follow(flow, prefix + runId);
      },
      events: (flow, runId) => keptEvents(host, flow, prefix + runId),
    };
  }

  #watch(moment: "before" | "after"): void {
    const life = this.#life;
    const { crash } = life;
    if (crash === undefined) return;
    if (moment === "before" && !life.hasCrashed) life.kept += 1;
    if (life.kept === crash.at && crash.kept === (moment === "after")) life.hasCrashed = true;
    if (life.hasCrashed) throw new Error("the process has ended");
  }
}

/** What is kept of a run by now; `undefined` when there is no such run. */
async function keptEvents(
  host: RestateHost,
  flow: AnyOrchestration,
  runId: string,
): Promise<readonly OrchestrationEvent[] | undefined> {
  try {
    return await host.events(flow, runId);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ORCH_UNKNOWN_RUN") return undefined;
    throw error;
  }
}

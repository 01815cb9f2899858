/** Runs that workers drive, and that this program starts, follows and answers through a Restate server. */
import { OrchError } from "@orch/core";
import type { JournalStore, ListedRun, RunHandle, RunQuery, RunSpec, StoredRun } from "@orch/core/host";
import { type RestateHost, type RunCard, restateHost } from "@orch/restate";
import type { HostConfig } from "../config/config.ts";
import { WorkersCannotError } from "../errors/workers-cannot-error.ts";
import type { Doors } from "../process/doors.ts";
import type { KeptHost } from "../sessions/kept-host.ts";

/** What lists runs without a look at what is in them. */
export type RunLists = Pick<JournalStore, "list" | "close">;

type Network = Pick<Doors, "fetch" | "clock" | "random">;

/** The host of the configuration. */
export function workerHost(config: HostConfig, doors: Network): KeptHost {
  const host = hostOf(config, doors);
  const holder = holderOf(config);
  return {
    capabilities: host.capabilities,
    open: (spec) => opened(host, spec),
    run: (runId, orchestration) => host.run(runId, orchestration),
    get: async (runId) => {
      const card = await host.get(runId);
      return card && storedRun(card, holder);
    },
    events: (orchestration, runId) => host.events(orchestration, runId),
    list: async (query = {}) => {
      const cards = await host.list(cardQuery(query));
      return Promise.all(cards.map((card) => listedRun(card, host, holder, doors.clock.now())));
    },
    // Workers take up by themselves what another one left.
    resume: async (_, runId) => {
      throw heldBy(holder, runId);
    },
    retry: async (_, runId) => {
      throw new WorkersCannotError({ runId, act: "retried" });
    },
    fork: async (_, runId) => {
      throw new WorkersCannotError({ runId, act: "forked" });
    },
    close: () => host.close(),
  };
}

/** The runs on the server, as lists of the program read them. */
export function workerRuns(config: HostConfig, doors: Network): RunLists {
  const host = hostOf(config, doors);
  return {
    list: async (query) =>
      (await host.list(cardQuery(query))).map((card) => storedRun(card, holderOf(config))),
    close: () => {},
  };
}

function hostOf({ ingress, admin, prefix }: HostConfig, { fetch, clock, random }: Network): RestateHost {
  const door = (url: string, init: Parameters<typeof fetch>[1]): Promise<Response> => fetch(url, init);
  return restateHost({ ingress, admin, fetch: door, clock, random, ...(prefix !== undefined && { prefix }) });
}

/** Makes a run ready. A turn that is tried again finds its run where it is; one that has ended gives its end. */
function opened(host: RestateHost, spec: RunSpec): RunHandle {
  const { ifExists } = spec.options;
  return host.open(
    ifExists === "retry" ? { ...spec, options: { ...spec.options, ifExists: "resume" } } : spec,
  );
}

function holderOf({ ingress }: HostConfig): NonNullable<StoredRun["holder"]> {
  return { name: `workers of ${ingress}`, until: Number.MAX_SAFE_INTEGER };
}

function heldBy({ name, until }: NonNullable<StoredRun["holder"]>, runId: string): Error {
  return new OrchError(
    "ORCH_RUN_HELD",
    { runId, holder: name, until },
    { says: `The run "${runId}" is driven by ${name}.`, fix: "Follow it: answers and reads need no claim." },
  );
}

/** A run that no worker can drive now counts as one that is driven: it goes on when there is one. */
function cardQuery({
  orchestration,
  prefix,
  status,
  limit,
  after,
}: RunQuery): Parameters<RestateHost["list"]>[0] {
  const wanted = status === undefined ? undefined : [status].flat();
  return {
    ...(orchestration !== undefined && { orchestration }),
    ...(prefix !== undefined && { prefix }),
    ...(limit !== undefined && { limit }),
    ...(after !== undefined && { after }),
    ...(wanted !== undefined && { status: wanted.includes("running") ? [...wanted, "paused"] : wanted }),
  };
}

function storedRun(card: RunCard, holder: NonNullable<StoredRun["holder"]>): StoredRun {
  const { runId, orchestration, version, hash, createdAt, updatedAt } = card;
  const status = card.status === "paused" ? "running" : card.status;
  const isOpen = status === "running" || status === "waiting";
  const about = { runId, orchestration, version, hash, status, createdAt, updatedAt, records: 0 };
  return isOpen ? { ...about, holder } : about;
}

async function listedRun(
  card: RunCard,
  host: RestateHost,
  holder: NonNullable<StoredRun["holder"]>,
  now: number,
): Promise<ListedRun> {
  const stored = storedRun(card, holder);
  const { tokens, cost } = (await host.run(card.runId).describe()).spent;
  const until = stored.holder === undefined ? stored.updatedAt : now;
  return { ...stored, duration: Math.max(0, until - stored.createdAt), tokens, cost };
}

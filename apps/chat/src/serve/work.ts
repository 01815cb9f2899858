/** `orch worker`: drives runs of a folder's orchestrations for the Restate server of the configuration. */
import { isOrchError } from "@orch/core";
import type { AnyOrchestration } from "@orch/core/host";
import { type RestateWorker, restateWorker } from "@orch/restate/worker";
import type { WorkerInvocation } from "../config/args.ts";
import type { HostConfig } from "../config/config.ts";
import { UsageError } from "../errors/usage-error.ts";
import { errorSentence } from "../headless/error-sentence.ts";
import type { Doors } from "../process/doors.ts";
import type { Setup } from "../setup/compose.ts";
import { safe, visibleText } from "../terminal/safe-text.ts";
import { noPlace } from "./no-place.ts";
import type { ServeOutput } from "./serve.ts";
import { untilStopped } from "./until-stopped.ts";

type Tell = (says: string) => void;

/**
 * Works until a signal comes: then it takes nothing more, and attempts that are under way have `--drain` seconds. What is cut is
 * done again by another worker, or by the next one at this address. Gives the exit code.
 */
export async function work(
  setup: Setup,
  invocation: WorkerInvocation,
  doors: Doors,
  { stdout, stderr }: ServeOutput,
): Promise<number> {
  const { host, port, drain } = invocation;
  const tell: Tell = (says) => stderr.write(safe`orch: ${visibleText(says, { multiline: true })}\n`);
  const back = doors.divert((text) => stderr.write(visibleText(text, { multiline: true })));
  for (const notice of setup.notices) tell(notice);
  setup.onNotice(tell);
  const server = serverOf(setup);
  let worker: RestateWorker | undefined;
  try {
    const flows = await flowsOf(setup, tell);
    const { prefix, identityKeys } = server;
    worker = restateWorker({
      ...{ flows: [...flows.values()], port, hostname: host },
      ingress: server.ingress,
      ...(prefix !== undefined && { prefix }),
      ...(identityKeys !== undefined && { identityKeys }),
      log: ({ level, text, runId }) => {
        setup.log.write(level, "worker", { says: text, ...(runId !== undefined && { run: runId }) });
        tell(runId === undefined ? text : `${runId}: ${text}`);
      },
    });
    const url = await listen(worker, invocation);
    if (identityKeys === undefined && !["127.0.0.1", "localhost", "::1"].includes(host))
      tell(
        "Whoever reaches this port can have its states performed: give host.identityKeys the public key of the server.",
      );
    await worker.register(server.admin, invocation.url ?? url, { fetch: doors.fetch, clock: doors.clock });
    tell(`It drives ${[...flows.keys()].join(", ")} for ${server.ingress}.`);
    const stopped = untilStopped(stopping(worker, drain), stdout, doors);
    stdout.write(safe`${visibleText(url)}\n`);
    return await stopped;
  } finally {
    await worker?.close();
    await setup.servers.close();
    back();
  }
}

/** @throws UsageError where no server is configured. */
function serverOf({ config }: Setup): HostConfig {
  const { host } = config.config;
  if (host !== undefined) return host;
  throw new UsageError({
    problem:
      'orch worker works for a Restate server, and none is set: put { "host": { "kind": "restate", "ingress": "http://127.0.0.1:8080", "admin": "http://127.0.0.1:9070" } } into your config.json.',
  });
}

/** What it can drive: all orchestrations of the folder by their names. What cannot be loaded is told. */
async function flowsOf(setup: Setup, tell: Tell): Promise<ReadonlyMap<string, AnyOrchestration>> {
  const flows = new Map<string, AnyOrchestration>();
  const names = new Map<string, string>();
  // One's own go first: a copy of a bundled one has its id, and takes its place.
  const isBundled = (name: string): number => (setup.own.fileOf(name) === undefined ? 1 : 0);
  for (const name of setup.orchestrations.toSorted((a, b) => isBundled(a) - isBundled(b))) {
    try {
      const { configuration } = await setup.compose({ ...setup.choice, orchestration: name });
      if ("invoke" in configuration) continue;
      const { orchestration } = configuration;
      const other = names.get(orchestration.id);
      if (other === undefined) flows.set(name, orchestration as unknown as AnyOrchestration);
      else tell(`"${name}" has the id "${orchestration.id}", as ${other} has, which is driven.`);
      names.set(orchestration.id, other ?? name);
    } catch (error) {
      tell(`"${name}" is not driven: ${errorSentence(error)}`);
    }
  }
  if (flows.size > 0) return flows;
  throw new UsageError({ problem: "This folder has no orchestration that a worker could drive." });
}

/** @throws UsageError where the SDK is not there, or nothing can be listened to. */
async function listen(worker: RestateWorker, { host, port }: WorkerInvocation): Promise<string> {
  try {
    return (await worker.listen()).url;
  } catch (error) {
    if (isOrchError(error, "ORCH_RESTATE_PLATFORM") && error.facts["problem"] === "missing")
      throw new UsageError({
        problem:
          "orch worker needs the package @restatedev/restate-sdk beside it: npm install @orch/chat @restatedev/restate-sdk@^1.17.2, and with -g where orch is installed so.",
      });
    const { code } = error as { readonly code?: unknown };
    if (code === "EADDRINUSE") throw noPlace("taken", host, port);
    if (code === "EACCES") throw noPlace("forbidden", host, port);
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") throw noPlace("foreign", host, port);
    throw error;
  }
}

/** Attempts may end in so many seconds; a second call waits no longer. */
function stopping(worker: RestateWorker, drain: number): { readonly stop: () => Promise<void> } {
  let isStopping = false;
  return {
    stop: () => {
      const wait = isStopping ? 0 : drain * 1000;
      isStopping = true;
      return worker.close({ drain: wait });
    },
  };
}

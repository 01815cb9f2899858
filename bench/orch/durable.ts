/** Orch: runs that are journalled, in memory and on SQLite. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { runnable } from "@orch/core";
import type { Ready, Setting, Subject } from "../subject.ts";
import { adders, million, numbers, PIECE_BYTES, passers, pieceOf } from "../work.ts";
import { type Host, memoryHost, resumeOn, runOn, sqliteHost } from "./hosts.ts";
import { circleOf, pipelineOf } from "./pipeline.ts";

/** A pipeline, journalled in memory. */
export const durableMemory: Subject = async (setting) => pipelineOn(await memoryHost(), setting);

/** A pipeline with one commit a step. */
export const durableSqlite: Subject = async (setting) =>
  pipelineOn(await sqliteHost(join(setting.folder, "orch.db"), "step"), setting);

function pipelineOn(host: Host | undefined, { size }: Setting): Ready | undefined {
  if (host === undefined) return undefined;
  const flow = pipelineOf("linear", adders(size));
  return { run: () => runOn(flow, 0, { host }), close: () => host.close?.() };
}

/** Pipelines side by side, whose steps share commits. */
export const durableGroup: Subject = async ({ size, folder }) => {
  const host = await sqliteHost(join(folder, "orch.db"), "group");
  if (host === undefined) return undefined;
  const flow = pipelineOf("linear", adders(10));
  return {
    run: async () => {
      const outputs = await Promise.all(numbers(size / 10).map(() => runOn(flow, 0, { host })));
      return outputs.reduce((total, output) => total + output, 0);
    },
    close: () => host.close?.(),
  };
};

/** A large text handed on. */
export const payloadMemory: Subject = async ({ size }) => {
  const host = await memoryHost();
  if (host === undefined) return undefined;
  const flow = pipelineOf("payload", passers(size));
  const text = million();
  return { run: async () => (await runOn(flow, text, { host })).length, close: () => host.close?.() };
};

interface Grown {
  readonly step: number;
  readonly bytes: number;
  readonly piece: string;
}

/** Each step adds a piece. The log is the journal, which keeps every output. */
function growthOn(host: Host | undefined, { size, tick }: Setting): Ready | undefined {
  if (host === undefined) return undefined;
  const append = async ({ step, bytes }: Grown): Promise<Grown> => {
    tick();
    return { step: step + 1, bytes: bytes + PIECE_BYTES, piece: pieceOf(step + 1) };
  };
  const flow = circleOf(
    "growth",
    runnable("ping", append),
    runnable("pong", append),
    ({ step }) => step < size,
  );
  return {
    run: async () => (await runOn(flow, { step: 0, bytes: 0, piece: "" }, { host })).bytes,
    close: () => host.close?.(),
  };
}

/** In memory. */
export const growthMemory: Subject = async (setting) => growthOn(await memoryHost(), setting);

/** On SQLite, with one commit a step. */
export const growthSqlite: Subject = async (setting) =>
  growthOn(await sqliteHost(join(setting.folder, "orch.db"), "step"), setting);

/** Opens a file with a run of `size` steps that stopped, and goes on with it. */
export const resume: Subject = async ({ size, folder }) => {
  const prepared = join(folder, "prepared.db");
  const first = await sqliteHost(prepared, "step");
  if (first === undefined) return undefined;
  const stopped = Promise.withResolvers<void>();
  let crashes = true;
  const step = (value: number): number | Promise<number> => {
    if (!crashes || value < size) return value + 1;
    stopped.resolve();
    return new Promise<never>(() => {});
  };
  const flow = circleOf("resume", runnable("ping", step), runnable("pong", step), (value) => value <= size);
  if (!("resume" in flow)) return undefined;
  void runOn(flow, 0, { host: first, runId: "stopped" }).catch(() => {});
  await stopped.promise;
  await first.close?.();
  crashes = false;
  const file = join(folder, "orch.db");
  return {
    before: () => copyFileSync(prepared, file),
    run: async () => {
      const host = await sqliteHost(file, "step");
      const value = await resumeOn(flow, "stopped", { host: host! });
      await host!.close?.();
      return value;
    },
  };
};

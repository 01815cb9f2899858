/** Orch: runs that are journalled, in memory and on SQLite. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Orchestration,
  orchestration,
  question,
  type Run,
  runnable,
  type Schema,
  sharedState,
} from "@orch/core";
import type { DurableHost } from "@orch/core/host";
import type { Ready, Setting, Subject } from "../subject.ts";
import { adders, lengthAfter, million, numbers, PIECE_BYTES, passers, pieceOf, stampers } from "../work.ts";
import { fileHost, memoryHost } from "./hosts.ts";
import { circleOf, pipelineOf } from "./pipeline.ts";

const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "bench", validate: (value) => ({ value }) },
};

/** A pipeline, journalled in memory. */
export const durableMemory: Subject = async (setting) => pipelineOn(await memoryHost(), setting);

/** A pipeline with one commit a step. */
export const durableSqlite: Subject = (setting) =>
  pipelineOn(fileHost(join(setting.folder, "orch.db"), "step"), setting);

function pipelineOn(host: DurableHost, { size }: Setting): Ready {
  const flow = pipelineOf("linear", adders(size));
  return { run: () => flow.run(0, { host }), close: () => host.close() };
}

/** Pipelines side by side, whose steps share commits. */
export const durableGroup: Subject = ({ size, folder }) => {
  const host = fileHost(join(folder, "orch.db"), "group");
  const flow = pipelineOf("linear", adders(10));
  return {
    run: async () => {
      const outputs = await Promise.all(numbers(size / 10).map(() => flow.run(0, { host })));
      return outputs.reduce((total, output) => total + output, 0);
    },
    close: () => host.close(),
  };
};

/** A large text handed on. */
export const payloadMemory: Subject = ({ size }) => {
  const flow = pipelineOf("payload", passers(size));
  const text = million();
  return { run: async () => (await flow.run(text, { host: await memoryHost() })).length };
};

/** The same in an object with a number that counts the states. */
export const payloadObjectMemory: Subject = ({ size }) => {
  const flow = pipelineOf("payload", stampers(size));
  const big = million();
  return { run: async () => lengthAfter(await flow.run({ big, i: 0 }, { host: await memoryHost() }), size) };
};

/** Each step adds a piece to a list that the run shares; the journal keeps what is added. */
function growthOn(host: DurableHost, { size, tick }: Setting): Ready {
  const log = sharedState("log", {
    pieces: { start: [] as readonly string[], reduce: (all, more) => [...all, ...more] },
  });
  const [ping, pong] = ["ping", "pong"].map((id) =>
    runnable(id, async (step: number, ctx) => {
      tick();
      ctx.state(log).add("pieces", [pieceOf(step + 1)]);
      if (step + 1 < size) return step + 1;
      return ctx.state(log).get("pieces").length === size ? size : -1;
    }),
  );
  const flow = circleOf("growth", ping!, pong!, (step) => step < size);
  return {
    run: async () => (await flow.run(0, { host })) * PIECE_BYTES,
    close: () => host.close(),
  };
}

/** In memory. */
export const growthMemory: Subject = async (setting) => growthOn(await memoryHost(), setting);

/** On SQLite, with one commit a step. */
export const growthSqlite: Subject = (setting) =>
  growthOn(fileHost(join(setting.folder, "orch.db"), "step"), setting);

/** Each step adds a message to a list that the run shares, and reads the list. */
function sharedOn(host: DurableHost, { size, tick }: Setting): Ready {
  const log = sharedState("log", {
    said: { start: [] as readonly Handed[], reduce: (all, more) => [...all, ...more] },
  });
  const [ping, pong] = (["user", "assistant"] as const).map((role) =>
    runnable(role, async (step: number, ctx) => {
      tick();
      const { add, get } = ctx.state(log);
      add("said", [{ role, content: pieceOf(step + 1) }]);
      return get("said").length;
    }),
  );
  const flow = circleOf("shared", ping!, pong!, (step) => step < size);
  return {
    run: async () => (await flow.run(0, { host })) * PIECE_BYTES,
    close: () => host.close(),
  };
}

/** In memory. */
export const sharedMemory: Subject = async (setting) => sharedOn(await memoryHost(), setting);

/** On SQLite, with one commit a step. */
export const sharedSqlite: Subject = (setting) =>
  sharedOn(fileHost(join(setting.folder, "orch.db"), "step"), setting);

/** A message of a conversation that states hand on. */
interface Handed {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** Each step hands on all messages and one more, as new lists of plain objects. */
function handedOn(host: DurableHost, { size, tick }: Setting): Ready {
  const [ping, pong] = (["user", "assistant"] as const).map((role) =>
    runnable(role, async (said: readonly Handed[]) => {
      tick();
      return [...said, { role, content: pieceOf(said.length + 1) }] as readonly Handed[];
    }),
  );
  const flow = circleOf("handed", ping!, pong!, (said) => said.length < size);
  return {
    run: async () => (await flow.run([], { host })).reduce((sum, { content }) => sum + content.length, 0),
    close: () => host.close(),
  };
}

/** In memory. */
export const handedMemory: Subject = async (setting) => handedOn(await memoryHost(), setting);

/** On SQLite, with one commit a step. */
export const handedSqlite: Subject = (setting) =>
  handedOn(fileHost(join(setting.folder, "orch.db"), "step"), setting);

/** A run of `size` steps whose next one never ends, and word of what that one is given when it starts. */
class Stopping {
  readonly flow: Orchestration<number, number>;
  started: PromiseWithResolvers<number> = Promise.withResolvers();

  constructor(size: number) {
    const step = (value: number): number | Promise<number> => {
      if (value < size) return value + 1;
      this.started.resolve(value);
      return new Promise<never>(() => {});
    };
    this.flow = circleOf("resume", runnable("ping", step), runnable("pong", step), () => true);
  }

  async prepare(host: DurableHost): Promise<void> {
    const run = this.flow.start(0, { host, runId: "stopped" });
    await this.started.promise;
    await run.suspend();
  }

  /** Takes the run up again, until its open state starts. */
  async resume(host: DurableHost): Promise<{ readonly run: Run<number>; readonly value: number }> {
    this.started = Promise.withResolvers();
    const run = await host.resume(this.flow, "stopped");
    return { run, value: await this.started.promise };
  }
}

/** Resumes on the host that the run began on. */
export const resumeMemory: Subject = async ({ size }) => {
  const host = await memoryHost();
  const stopping = new Stopping(size);
  await stopping.prepare(host);
  let run: Run<number> | undefined;
  return {
    run: async () => {
      const resumed = await stopping.resume(host);
      run = resumed.run;
      return resumed.value;
    },
    after: () => run?.suspend(),
  };
};

/** Resumes from a file. */
export const resume: Subject = async ({ size, folder }) => {
  const prepared = join(folder, "prepared.db");
  const first = fileHost(prepared, "step");
  const stopping = new Stopping(size);
  await stopping.prepare(first);
  await first.close();
  const file = join(folder, "orch.db");
  let host = first;
  return {
    before: () => {
      copyFileSync(prepared, file);
      host = fileHost(file, "step");
    },
    run: async () => (await stopping.resume(host)).value,
    after: () => host.close(),
  };
};

/** A run of `size` steps that asks, and is answered and resumed by a process that finds its file. */
export const answer: Subject = ({ size, folder }) => {
  const file = join(folder, "orch.db");
  const told = Promise.withResolvers<number>();
  const step = runnable("step", (value: number) => value + 1);
  const ask = question<number>("ask", { ask: (value) => ({ value }), answer: anything });
  const tell = runnable("tell", (value: unknown) => {
    told.resolve(value as number);
    return value;
  });
  const flow = orchestration<number, unknown>(
    "answer",
    (o) =>
      o
        .start(step)
        .advance(step, step, { when: (value) => value < size })
        .advance(step, ask)
        .advance(ask, tell)
        .finish(tell),
    { maxSteps: size + 10 },
  );
  let host: DurableHost | undefined;
  return {
    prepare: async () => {
      const first = fileHost(file, "step");
      const run = flow.start(0, { host: first, runId: "asking" });
      run.result.catch(() => {});
      while (run.status !== "waiting") await new Promise((resolve) => setImmediate(resolve));
      await first.close();
    },
    run: async () => {
      host = fileHost(file, "step");
      const [open] = await host.questions(flow, "asking");
      await host.answer(flow, "asking", open!.id, (open!.prompt as { value: number }).value);
      const run = await host.resume(flow, "asking");
      run.result.catch(() => {});
      return told.promise;
    },
    after: () => host?.close(),
  };
};

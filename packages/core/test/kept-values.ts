/** Runs that hand a value from state to state on a host, and are looked at in two lives. */
import { orchestration, question, runnable, type Schema, sharedState } from "@orch/core";
import type { DurableHost } from "@orch/core/host";

const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};

/** Where a value comes into a run. */
export const WAYS = ["output", "input", "conversion", "once", "shared state", "answer"] as const;

/** What two lives of a run saw of a value, or why it was refused. */
export type Seen =
  | { readonly kind: "taken"; readonly first: unknown; readonly second: unknown }
  | { readonly kind: "refused"; readonly code: string; readonly facts: unknown };

let runs = 0;

/** Brings a value into a run in one way, and tells what the state behind saw in the first and in the second life of the run. */
export async function livesOf(
  way: (typeof WAYS)[number],
  make: () => unknown,
  firstHost: DurableHost,
  secondHost: DurableHost,
): Promise<Seen> {
  const shared = sharedState("shared", { value: { start: null as unknown } });
  const seen: unknown[] = [];
  let tell: () => void = () => {};
  const give = runnable("give", async (input: unknown, ctx): Promise<unknown> => {
    if (way === "input") return "";
    if (way === "shared state") ctx.state(shared).set("value", make());
    if (way === "once") {
      seen.push(await ctx.once("value", make));
      tell();
      await new Promise((_, reject) => ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason)));
    }
    return way === "output" ? make() : input;
  });
  const ask = question<unknown, unknown>("ask", { ask: "?", answer: anything });
  const look = runnable("look", async (input: unknown, ctx): Promise<unknown> => {
    seen.push(way === "shared state" ? ctx.state(shared).get("value") : input);
    tell();
    await new Promise((_, reject) => ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason)));
    return "";
  });
  const flow = orchestration("flow", (o) => {
    if (way === "input") return o.start(look).finish(look);
    if (way === "answer") return o.start(ask).advance(ask, look).finish(look);
    const draft = o.start(give);
    return way === "conversion"
      ? draft.advance(give, look, { convert: () => make() }).finish(look)
      : draft.advance(give, look).finish(look);
  });
  const runId = `run-${++runs}`;
  const life = async (begin: () => Promise<{ result: Promise<unknown>; suspend: () => Promise<void> }>) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    tell = resolve;
    const run = await begin();
    const ended = run.result.then(
      () => undefined,
      (error: unknown) => error,
    );
    const failed = await Promise.race([promise, ended]);
    if (failed !== undefined) return refusalOf(failed);
    await run.suspend();
    return undefined;
  };
  const refused = await life(async () => {
    const run = flow.start(way === "input" ? make() : "", { host: firstHost, runId });
    if (way === "answer") {
      for await (const event of run.events()) if (event.type === "run.waiting") break;
      await run.answer("flow/ask#1", make()).catch(async (error: unknown) => {
        await run.cancel();
        throw error;
      });
    }
    return run;
  }).catch(refusalOf);
  if (refused !== undefined) return refused;
  await life(() => secondHost.resume(flow, runId) as never);
  return { kind: "taken", first: seen[0], second: seen[1] };
}

function refusalOf(error: unknown): Seen {
  for (let at = error as { code?: string; facts?: unknown; cause?: unknown } | undefined; at; ) {
    if (at.code === "ORCH_NOT_SERIALIZABLE") return { kind: "refused", code: at.code, facts: at.facts };
    at = at.cause as typeof at;
  }
  throw error;
}

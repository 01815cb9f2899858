/** A failure that nobody asks about leaves a trace. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { memoryHost } from "../../src/host.ts";
import { orchestration, type Runnable, runnable } from "../../src/index.ts";

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>, id = "flow") {
  return orchestration(id, (o) => o.start(only).finish(only));
}

const fails = alone(
  runnable("a", (_: string): string => {
    throw new Error("nobody hears this");
  }),
  "f",
);

const turns = async (): Promise<void> => {
  for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve));
};

describe("a run that nobody asks about", () => {
  const warnings: { message: string; code?: string }[] = [];
  const hear = (warning: Error): void => void warnings.push(warning);
  beforeEach(() => {
    warnings.length = 0;
    process.on("warning", hear);
  });
  afterEach(() => void process.off("warning", hear));

  it("E33: gives one warning with its id when it fails", async () => {
    fails.start("x", { runId: "r1" });
    await turns();

    expect(warnings).toMatchObject([{ name: "OrchWarning", code: "ORCH_UNHEARD" }]);
    expect(warnings[0]!.message).toContain('The run "r1" failed');
    expect(warnings[0]!.message).toContain("nobody hears this");
  });

  it("E33, further: gives none when its result, events, status or acceptance is asked for, or a listener hears it", async () => {
    void fails.start("x").result;
    void fails.start("x").events();
    void fails.start("x").status;
    void fails.start("x").accepted;
    void fails.start("x").describe();
    fails.start("x", { onEvent: () => {} });
    const off = fails.on("run.failed", () => {});
    fails.start("x");
    off();
    await turns();

    expect(warnings).toEqual([]);
  });

  it("E33, further: tells a hook of its own instead, for a refused start too, and nothing with false", async () => {
    const host = memoryHost();
    const told: unknown[] = [];
    const onUnheard = (error: unknown, runId: string): void =>
      void told.push([(error as { code: string }).code, runId]);
    await fails.run("x", { host, runId: "r" }).catch(() => {});
    fails.start("x", { host, runId: "r", onUnheard });
    fails.start("x", { host, runId: "s", onUnheard });
    fails.start("x", { onUnheard: false });
    await turns();

    expect(told.toSorted()).toEqual([
      ["ORCH_RUNNABLE_FAILED", "s"],
      ["ORCH_RUN_EXISTS", "r"],
    ]);
    expect(warnings).toEqual([]);
  });

  it("E33, further: gives none when it completed, was cancelled or suspended", async () => {
    const host = memoryHost();
    const endless = alone(runnable("endless", () => new Promise<string>(() => {})));
    alone(runnable("a", (x: string) => x)).start("x");
    const controller = new AbortController();
    endless.start(undefined, { signal: controller.signal, grace: 0 });
    endless.start(undefined, { host, runId: "r" });
    await turns();
    controller.abort("enough");
    await host.close();
    await turns();

    expect(warnings).toEqual([]);
  });
});

import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { isOrchError, orchestration, runnable } from "./index.ts";

const deaf = runnable("deaf", (_: unknown, ctx) => {
  ctx.signal.addEventListener("abort", () => ctx.spend({ inputTokens: 100 }));
  return new Promise<string>(() => {});
});

describe("a run that is being cancelled", () => {
  it("ends as cancelled although its deadline passes while its work settles", async () => {
    const clock = manualClock();
    const flow = orchestration("late", (o) => o.start(deaf).finish(deaf), { deadline: 100 });
    const run = flow.start(undefined, { clock, grace: 50 });
    await clock.advance(80);
    const cancelled = run.cancel("enough");
    await clock.advance(50);
    await cancelled;

    expect(run.status).toBe("cancelled");
    expect(clock.pending()).toBe(0);
  });

  it("ends as cancelled although its work goes over the budget while it settles", async () => {
    const clock = manualClock();
    const flow = orchestration("dear", (o) => o.start(deaf).finish(deaf), { budget: { maxTokens: 10 } });
    const run = flow.start(undefined, { clock, grace: 50 });
    await clock.advance(1);
    const cancelled = run.cancel("enough");
    await clock.advance(50);
    await cancelled;

    expect(run.status).toBe("cancelled");
  });

  it("keeps the first of two limits that are passed at once", async () => {
    const clock = manualClock();
    const flow = orchestration("both", (o) => o.start(deaf).finish(deaf), {
      deadline: 100,
      budget: { maxTokens: 10 },
    });
    const run = flow.start(undefined, { clock, grace: 50 });
    await clock.advance(150);

    await run.result.catch((error: unknown) => expect(isOrchError(error, "ORCH_DEADLINE")).toBe(true));
    expect(run.status).toBe("failed");
  });
});

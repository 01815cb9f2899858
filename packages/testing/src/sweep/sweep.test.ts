import { orchestration, runnable } from "@orch/core";
import { describe, expect, it } from "vitest";
import { type Faults, manualClock, sweep } from "../index.ts";

describe("sweep", () => {
  it("fails every passage once, alone and with all after it, until a run meets no fault", async () => {
    const trails: string[] = [];
    const report = await sweep({
      run: async (faults) => {
        const trail: string[] = [];
        trails.push("");
        for (const door of ["open", "write", "close"]) {
          await faults
            .door(door, () => trail.push(door))()
            .catch(() => trail.push(`no ${door}`));
          trails[trails.length - 1] = trail.join(", ");
        }
      },
    });

    expect(trails).toEqual([
      "no open, write, close",
      "open, no write, close",
      "open, write, no close",
      "open, write, close",
      "no open, no write, no close",
      "open, no write, no close",
      "open, write, no close",
      "open, write, close",
    ]);
    expect(report).toEqual({ runs: 8, passages: 3, failed: { open: 2, write: 2, close: 2 } });
  });

  it("shows that an orchestration ends well whatever fails in it", async () => {
    const ended: string[] = [];
    const report = await sweep({
      run: async (faults) => {
        const clock = manualClock();
        const load = runnable({
          id: "load",
          retry: { attempts: 2, firstDelay: 10 },
          invoke: faults.door("load", (n: number) => n + 1),
        });
        const save = runnable(
          "save",
          faults.door("save", (n: number) => n * 2),
        );
        const flow = orchestration("flow", (o) => o.start(load).advance(load, save).finish(save));
        const run = flow.start(1, { clock });
        await clock.runAll();
        await run.result.finally(() => ended.push(run.status));
      },
      check: () => expect(ended.at(-1)).toMatch(/completed|failed/),
    });

    // Passages: load, its second attempt, save.
    expect(report).toEqual({ runs: 6, passages: 2, failed: { load: 2, save: 2 } });
    expect(ended).toEqual(["completed", "failed", "completed", "failed", "failed", "completed"]);
  });

  it.each([
    [
      "a run that fails with a foreign error",
      'passage 2, through "b"',
      (faults: Faults) => {
        faults.pass("a");
        try {
          faults.pass("b");
        } catch {
          throw new TypeError("undefined is not a function");
        }
      },
    ],
    [
      "a run that fails without a fault",
      "without a fault",
      () => {
        throw new RangeError("broken");
      },
    ],
  ])("tells of %s", async (_what, says, run) => {
    await expect(sweep({ run })).rejects.toMatchObject({
      code: "ORCH_SWEEP",
      message: expect.stringContaining(says),
      cause: expect.any(Error),
    });
  });

  it("tells which passage the check complains about", async () => {
    let open = 0;
    const leaky = (faults: Faults): void => {
      faults.pass("connect");
      open += 1;
      faults.pass("send");
      open -= 1;
    };
    const check = (): void => {
      const left = open;
      open = 0;
      if (left > 0) throw new Error(`${left} left open`);
    };

    await expect(sweep({ run: leaky, check })).rejects.toMatchObject({
      facts: { mode: "once", passage: 2, door: "send" },
      message: expect.stringContaining("1 left open"),
    });
  });

  it("ends at its limit", async () => {
    const endless = async (faults: Faults): Promise<void> => {
      for (let n = 0; n < 100; n++)
        await faults
          .door("d", () => n)()
          .catch(() => {});
    };
    expect(await sweep({ run: endless, limit: 3 })).toMatchObject({ runs: 6, failed: { d: 6 } });
  });
});

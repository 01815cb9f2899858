import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { LinkedAbort } from "./linked-abort.ts";
import type { Work } from "./settlement.ts";

describe("an abort that others follow", () => {
  it("calls each of them once, in their order, and nobody who came off meanwhile", () => {
    const abort = new LinkedAbort(undefined);
    const called: string[] = [];
    let leave: () => void = () => {};
    abort.follow(() => {
      called.push("first");
      leave();
    });
    leave = abort.follow(() => called.push("second"));
    abort.follow(() => called.push("third"));
    abort.abort("enough");
    abort.abort("again");

    expect(called).toEqual(["first", "third"]);
    expect(abort.signal.reason).toBe("enough");
  });

  it("calls at once who follows late, and follows its parent until it is disposed", () => {
    const parent = new LinkedAbort(undefined);
    const [child, disposed] = [new LinkedAbort(parent), new LinkedAbort(parent)];
    disposed.dispose();
    parent.abort("from above");
    const called: string[] = [];
    parent.follow(() => called.push("late"));

    expect(called).toEqual(["late"]);
    expect(child.signal.reason).toBe("from above");
    expect(disposed.signal.aborted).toBe(false);
  });

  it("leaves work behind a second after it, and what that work does later counts no more", async () => {
    const clock = manualClock();
    for (const late of ["value", "error"] as const) {
      const abort = new LinkedAbort(undefined);
      const work = Promise.withResolvers<string>();
      const told: string[] = [];
      const begun: Work<string> = {
        begin: (end) =>
          void work.promise.then(
            (value) => end.value(value),
            (error: unknown) => end.error(error),
          ),
      };
      const waiting = abort.wait(begun, clock, {
        value: (value) => told.push(value),
        error: () => told.push("error"),
        left: () => told.push("left"),
      });
      abort.abort();
      await clock.advance(1_000);
      if (late === "value") work.resolve("late");
      else work.reject(new TypeError("late"));
      await clock.advance(0);
      expect(await waiting).toBe(1);
      expect(told).toEqual(["left"]);
      expect(clock.pending()).toBe(0);
    }
  });
});

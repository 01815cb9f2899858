import { manualClock } from "@orch/testing";
import { expect, it } from "vitest";
import { LinkedAbort } from "./linked-abort.ts";
import { Settlement } from "./settlement.ts";

class Told extends Settlement<string, string> {
  readonly told: string[] = [];
  fails = false;

  begin(): void {}

  onValue(value: string): string {
    if (this.fails) throw new TypeError("What follows failed.");
    return this.#tell(`value ${value}`);
  }

  onError(error: unknown): string {
    return this.#tell(`error ${String(error)}`);
  }

  onLeft(): string {
    return this.#tell("left");
  }

  #tell(what: string): string {
    this.told.push(what);
    return what;
  }
}

it("leaves work behind a second after an abort, and what that work does later counts no more", async () => {
  const clock = manualClock();
  for (const late of ["value", "error"] as const) {
    const abort = new LinkedAbort(undefined);
    const work = new Told(clock);
    const waiting = work.wait(abort);
    abort.abort();
    await clock.advance(999);
    expect(work.told).toEqual([]);
    await clock.advance(1);
    work[late]("late");

    expect(await waiting).toBe("left");
    expect(work.told).toEqual(["left"]);
    expect(clock.pending()).toBe(0);
  }
});

it("takes the first end of work, and has no timer left where that came within the second", async () => {
  const clock = manualClock();
  const abort = new LinkedAbort(undefined);
  abort.abort();
  const work = new Told(clock);
  const waiting = work.wait(abort);
  work.error("first");
  work.value("second");

  expect(await waiting).toBe("error first");
  expect(work.told).toEqual(["error first"]);
  expect(clock.pending()).toBe(0);
});

it("rejects where what follows from its end throws, and hears no later abort", async () => {
  const clock = manualClock();
  const abort = new LinkedAbort(undefined);
  const work = new Told(clock);
  work.fails = true;
  const waiting = work.wait(abort);
  work.value("any");

  await expect(waiting).rejects.toThrow("What follows failed.");
  abort.abort();
  expect(clock.pending()).toBe(0);
});

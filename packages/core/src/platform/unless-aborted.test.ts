import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { unlessAborted } from "./unless-aborted.ts";

/** A signal that counts who listens. */
function counted() {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given: Parameters<typeof add>) => {
    listeners += 1;
    add(...given);
  };
  signal.removeEventListener = (...given: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...given);
  };
  return { controller, signal, listeners: () => listeners };
}

describe("a wait under a signal", () => {
  it("gives what was begun, and leaves nobody at the signal", async () => {
    const { signal, listeners } = counted();
    const wait = unlessAborted<number>(signal, (resolve) => {
      setImmediate(() => resolve(7));
      return undefined;
    });
    expect(listeners()).toBe(1);
    expect(await wait).toBe(7);
    expect(listeners()).toBe(0);
  });

  it("fails as what was begun does, also at once", async () => {
    const { signal, listeners } = counted();
    const later = unlessAborted(signal, (_resolve, reject) => {
      setImmediate(() => reject("later"));
      return undefined;
    });
    await expect(later).rejects.toBe("later");
    const atOnce = unlessAborted(signal, () => {
      throw "at once";
    });
    await expect(atOnce).rejects.toBe("at once");
    expect(listeners()).toBe(0);
  });

  it("leaves nobody at the signal either when it settles at once, and takes nothing back later", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    let takenBack = 0;
    const wait = unlessAborted<number>(signal, (resolve) => {
      resolve(7);
      return () => {
        takenBack += 1;
      };
    });
    expect(getEventListeners(signal, "abort")).toEqual([]);
    controller.abort("too late");
    expect(await wait).toBe(7);
    expect(takenBack).toBe(0);
  });

  it("takes back what was begun when the signal is aborted first", async () => {
    const { controller, signal } = counted();
    let takenBack = 0;
    const wait = unlessAborted(signal, () => () => {
      takenBack += 1;
    });
    controller.abort("enough");
    await expect(wait).rejects.toBe("enough");
    expect(takenBack).toBe(1);
  });

  it("takes it back also when its beginning aborts the signal", async () => {
    const { controller, signal, listeners } = counted();
    let takenBack = 0;
    const wait = unlessAborted(signal, () => {
      controller.abort("by itself");
      return () => {
        takenBack += 1;
      };
    });
    await expect(wait).rejects.toBe("by itself");
    expect(takenBack).toBe(1);
    expect(listeners()).toBe(0);
  });

  it("begins nothing under a signal that is aborted", async () => {
    let begun = false;
    const wait = unlessAborted(AbortSignal.abort("before"), () => {
      begun = true;
      return undefined;
    });
    await expect(wait).rejects.toBe("before");
    expect(begun).toBe(false);
  });
});

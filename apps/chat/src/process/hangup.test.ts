import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { systemDoors } from "./doors.ts";
import { NO_KEYS } from "./early-keys.ts";

/** What stands for a process on a terminal. */
function own() {
  const stdin = Object.assign(new PassThrough(), { isRaw: true });
  const streams = { stdin, stdout: new PassThrough(), stderr: new PassThrough() };
  return Object.assign(new EventEmitter(), streams, {
    argv: [],
    env: {},
    cwd: () => "/",
    version: "v24.0.0",
    versions: {},
    platform: "linux",
    arch: "x64",
  });
}

describe("a terminal that is closed", () => {
  it.each(["its signal", "the end of its keys"])(
    "may send a further signal while %s still ends the program",
    (first) => {
      const process = own();
      const { onSignal, onHangup } = systemDoors(NO_KEYS, process as never);
      let told = 0;
      const offs = [onSignal("SIGHUP", () => void told++), onHangup(() => void told++)];
      if (first === "its signal") process.emit("SIGHUP");
      else process.stdin.emit("end");
      for (const off of offs) off();

      expect(told).toBe(1);
      // Without a listener Node would end the process at once.
      expect(process.listenerCount("SIGHUP")).toBe(1);
    },
  );

  it("ends a program that listens no more, and has not heard of it", () => {
    const process = own();
    systemDoors(NO_KEYS, process as never).onSignal("SIGHUP", () => undefined)();

    expect(process.listenerCount("SIGHUP")).toBe(0);
  });
});

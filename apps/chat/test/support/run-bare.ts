/** Runs the program in this process, without the guard before the streams: the doors in front of it have to do. */
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { main } from "../../src/main.ts";
import { systemDoors } from "../../src/process/doors.ts";
import { NO_KEYS } from "../../src/process/early-keys.ts";

class Ended extends Error {}

/** Gives all that it wrote to both streams. It works in the folder `work` of `root`, with its `home`. */
export async function runBare(
  root: string,
  args: readonly string[],
  stdin = "",
  isTTY = true,
): Promise<string> {
  let out = "";
  const write = (chunk: unknown, _: unknown, done: () => void): void => {
    out += String(chunk);
    done();
  };
  const stream = (): NodeJS.WriteStream =>
    Object.assign(new Writable({ write }), { isTTY }) as unknown as NodeJS.WriteStream;
  const doors = {
    ...systemDoors(NO_KEYS),
    env: {},
    cwd: join(root, "work"),
    home: join(root, "home"),
    stdin: Object.assign(new PassThrough().end(stdin), { isTTY: false }) as unknown as NodeJS.ReadStream,
    stdout: stream(),
    stderr: stream(),
    onSignal: () => () => {},
    exit: (): never => {
      throw new Ended();
    },
  };
  await main(args, doors).catch((error: unknown) => {
    if (!(error instanceof Ended)) throw error;
  });
  return out;
}

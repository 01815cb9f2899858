/**
 * Runs the built program inside this process, on a pseudo-terminal of its own or with pipes: the same files, the same bytes, the same modes of a
 * terminal, without the third of a second that a process needs to start. No signal of the system reaches it, and nothing kills it: SIGKILL
 * ends it like SIGTERM. What a test wants to know of a process it asks of a process.
 */
import { EventEmitter } from "node:events";
import { closeSync, constants, globSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { ReadStream, WriteStream } from "node:tty";
import { Worker } from "node:worker_threads";
import type { IPty } from "@lydell/node-pty";
import type { main } from "../../src/main.ts";
import type { Doors, systemDoors } from "../../src/process/doors.ts";
import { takeKeys } from "../../src/process/early-keys.ts";

/** What a test has of a program on a terminal, be it a process or not. */
export type OnTerminal = Pick<IPty, "pid" | "onData" | "onExit" | "write" | "resize" | "kill">;

/** What the program is started with. */
export interface InsideOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Thrown where a process would end. */
class Exited extends Error {}

/** What the library of pseudo-terminals is made of; by itself it opens none without a process in it. */
interface Native {
  readonly open: (
    columns: number,
    rows: number,
  ) => { readonly master: number; readonly slave: number; readonly pty: string };
  readonly resize: (fd: number, columns: number, rows: number) => void;
}

const require = createRequire(createRequire(import.meta.url).resolve("@lydell/node-pty"));
const native = (require("./requireBinary.js") as { requireBinary: (file: string) => Native }).requireBinary(
  "pty.node",
);

/** Starts the program whose bundle has `file` on a terminal. */
export function startInside(
  file: string,
  size: { readonly columns: number; readonly rows: number },
  options: InsideOptions,
): OnTerminal {
  const terminal = native.open(size.columns, size.rows);
  const master = new ReadStream(terminal.master).setEncoding("utf8");
  const open = (): number => openSync(terminal.pty, constants.O_RDWR | constants.O_NOCTTY);
  const own = new InsideProcess(options, {
    stdin: reopened(terminal.slave, ReadStream),
    stdout: reopened(open(), WriteStream),
    stderr: reopened(open(), WriteStream),
  });
  const heard = new EventEmitter();
  // The other side is closed once everything has been read of it.
  master.once("error", () => master.destroy());
  master.once("close", () => heard.emit("exit", { exitCode: own.code, signal: undefined }));
  void own.run(file);
  return {
    pid: process.pid,
    onData: (told) => {
      master.on("data", told);
      return { dispose: () => master.off("data", told) };
    },
    onExit: (told) => {
      heard.on("exit", told);
      return { dispose: () => heard.off("exit", told) };
    },
    write: (data) => void master.write(data),
    resize: (columns, rows) => {
      native.resize(terminal.master, columns, rows);
      own.resized();
    },
    kill: (signal = "SIGHUP") => void own.kill(own.pid, signal === "SIGKILL" ? "SIGTERM" : signal),
  };
}

/** Runs the program whose bundle has `file` to its end, with `input` piped in. */
export async function runInside(
  file: string,
  options: InsideOptions,
  input = "",
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const own = new InsideProcess(options, { stdin, stdout, stderr } as unknown as Streams);
  const [out, err] = [text(stdout), text(stderr)];
  stdin.end(input);
  await own.run(file);
  return { code: own.code, stdout: await out, stderr: await err };
}

const attend: Doors["programs"]["attend"] = (program) => {
  throw new Error(`Start the program with { asProcess: true }: it lends its terminal to ${program}`);
};

/** What Node has of an open file. */
interface Handle {
  readonly fd: number;
  readonly setBlocking: (blocks: boolean) => void;
}

/** A stream of a terminal. */
function reopened<T extends ReadStream | WriteStream>(fd: number, make: new (fd: number) => T): T {
  const stream = new make(fd);
  const { _handle: handle } = stream as unknown as { readonly _handle: Handle };
  // Node opens the terminal once more, and would leave what it was given open for good.
  if (handle.fd !== fd) closeSync(fd);
  // Node waits until a terminal has taken all. Here it would wait for itself.
  if (stream instanceof WriteStream) handle.setBlocking(false);
  return stream;
}

interface Streams {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
}

/** What the program takes for its process. */
class InsideProcess extends EventEmitter {
  readonly pid = process.pid;
  readonly version = process.version;
  readonly versions = process.versions;
  readonly platform = process.platform;
  readonly arch = process.arch;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: Streams["stdin"];
  readonly stdout: Streams["stdout"];
  readonly stderr: Streams["stderr"];
  readonly #options: InsideOptions;
  readonly #owned = new Set<() => void>();
  /** As of a program that a shell finds. */
  readonly argv: readonly string[] = ["node", "/usr/bin/orch"];
  code = 0;
  #over = false;

  constructor(options: InsideOptions, { stdin, stdout, stderr }: Streams) {
    super();
    this.#options = options;
    this.env = options.env;
    [this.stdin, this.stdout, this.stderr] = [stdin, stdout, stderr];
    for (const stream of [stdin, stdout, stderr]) stream.on("error", () => undefined);
  }

  cwd(): string {
    return this.#options.cwd;
  }

  async run(file: string): Promise<void> {
    const { args, env } = this.#options;
    // Not by an import: the test runner would take it apart, and all that it imports.
    const load = <T>(name: string): T =>
      require(join(dirname(file), globSync(`${name}-*.js`, { cwd: dirname(file) })[0]!)) as T;
    try {
      const keys = takeKeys(args, this as unknown as NodeJS.Process);
      const program = load<{ main: typeof main }>("main");
      const system = load<{ systemDoors: typeof systemDoors }>("doors");
      const doors = system.systemDoors(keys, this as unknown as NodeJS.Process);
      await program.main(args, {
        ...doors,
        home: env["HOME"]!,
        onCrash: () => () => undefined,
        programs: { ...doors.programs, attend },
        clock: this.#clock(doors.clock),
        thread: this.#thread(dirname(file)),
      });
    } catch (error) {
      if (error instanceof Exited) return;
      this.#end(1);
      throw error;
    }
  }

  /** Its timers end with it. */
  #clock(clock: Doors["clock"]): Doors["clock"] {
    return {
      ...clock,
      after: (ms, fire) => {
        if (this.#over) return () => undefined;
        const stop = clock.after(ms, () => {
          this.#owned.delete(stop);
          fire();
        });
        this.#owned.add(stop);
        return () => {
          this.#owned.delete(stop);
          stop();
        };
      },
    };
  }

  /** Its threads end with it. */
  #thread(folder: string): Doors["thread"] {
    return (name, workerData, { told, ended }) => {
      const worker = new Worker(join(folder, `${name}.js`), { workerData, stdout: true, stderr: true });
      worker.on("message", told).once("error", ended).once("exit", ended);
      worker.unref();
      this.#owned.add(() => void worker.terminate());
      return { send: (message) => worker.postMessage(message) };
    };
  }

  resized(): void {
    for (const stream of [this.stdout, this.stderr])
      (stream as unknown as { readonly _refreshSize: () => void })._refreshSize();
  }

  kill(_pid: number, signal: string): boolean {
    if (!this.emit(signal)) this.#end(1);
    return true;
  }

  exit(code: number): never {
    this.#end(code);
    throw new Exited();
  }

  #end(code: number): void {
    if (this.#over) return;
    this.#over = true;
    this.code = code;
    for (const stop of this.#owned) stop();
    this.stdin.destroy();
    for (const stream of [this.stdout, this.stderr]) {
      if (stream.isTTY) stream.destroy();
      else stream.end();
    }
  }
}

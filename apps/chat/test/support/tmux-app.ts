/** Runs a program in tmux, which lays its rows out anew when its window changes, the line of the cursor too. */
import { execFile, execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Sandbox } from "./sandbox.ts";

const run = promisify(execFile);
/** Between two looks at the screen, in milliseconds: tmux tells of nothing. */
const LOOK = 60;
/** Looks without any change after which the program counts as stuck. */
const STILL = 300;

/** What runs in tmux. */
export interface TmuxOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly box: Sandbox;
}

/** Whether there is a tmux on this machine. */
export function hasTmux(): boolean {
  try {
    execFileSync("tmux", ["-V"]);
    return true;
  } catch {
    return false;
  }
}

/** A program in a window of a tmux server of its own. */
export class TmuxApp implements AsyncDisposable {
  readonly #socket: string;

  private constructor(socket: string) {
    this.#socket = socket;
  }

  /** Starts it in a window of 100 columns and 30 rows. */
  static async start({ file, args, box }: TmuxOptions): Promise<TmuxApp> {
    const app = new TmuxApp(join(box.home, `${randomUUID()}.tmux`));
    const env = {
      HOME: box.home,
      LANG: "C.UTF-8",
      NO_UPDATE_NOTIFIER: "1",
      XDG_STATE_HOME: "",
      XDG_CONFIG_HOME: "",
    };
    const pairs = Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    const unset = ["CI", "NO_COLOR", "FORCE_COLOR", "NODE_OPTIONS"].flatMap((name) => ["-u", name]);
    const session = ["new-session", "-d", "-s", "it", "-x", "100", "-y", "30", "-c", box.folder, ...pairs];
    const program = ["--", "env", ...unset, process.execPath, file, ...args];
    const history = ["start-server", ";", "set-option", "-g", "history-limit", "50000", ";"];
    await app.#tmux("-f", "/dev/null", ...history, ...session, ...program);
    return app;
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    return (await run("tmux", ["-S", this.#socket, ...args], { maxBuffer: 50_000_000 })).stdout;
  }

  async type(keys: string): Promise<void> {
    await this.#tmux("send-keys", "-t", "it", "-l", keys);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-t", "it", "-x", String(columns), "-y", String(rows));
  }

  /** Everything on the screen and in what scrolled away; rows that tmux broke are whole. */
  unbroken(): Promise<string> {
    return this.#tmux("capture-pane", "-J", "-p", "-t", "it", "-S", "-");
  }

  /** Resolves with what is there as soon as it holds. */
  async until(holds: (text: string) => boolean): Promise<string> {
    let last = "";
    for (let still = 0; still < STILL; still++) {
      const text = await this.unbroken();
      if (holds(text)) return text;
      if (text !== last) still = 0;
      last = text;
      await sleep(LOOK);
    }
    throw new Error(`Nothing changes any more in tmux:\n${last}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pid = await this.#tmux("display-message", "-p", "#{pane_pid}").catch(() => "");
    await this.#tmux("kill-server").catch(() => undefined);
    // It keeps its run before it ends, in the folder that is removed next.
    while (isAlive(Number(pid))) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

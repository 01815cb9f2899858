/** The built program where somebody sits at a terminal: its question, and what each way out of it leaves. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type IPty, spawn } from "@lydell/node-pty";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { thorough } from "../../../scripts/lanes.ts";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const ASKED = "Number or name [1]: ";

let scratch: string;
let cli: string;
let place: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "create-orch-"));
  await promisify(execFile)(process.execPath, [join(PACKAGE, "build.mjs"), join(scratch, "built")]);
  cli = join(scratch, "built/cli.js");
});
beforeEach(async () => {
  place = await mkdtemp(join(scratch, "place-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** The program on a terminal of its own, in `place`. */
class OnTerminal {
  readonly #pty: IPty;
  readonly #waiting = new Set<() => void>();
  readonly #ended: Promise<number>;
  #isOver = false;
  /** All that stands on the terminal, with the keys that it shows. */
  text = "";

  constructor(args: readonly string[], env: Record<string, string> = {}) {
    // A shell, as there is one: it outlives Ctrl-C, and says what the terminal is like when the program is gone.
    const line = `trap : INT; "${process.execPath}" "${cli}" ${args.join(" ")}; code=$?; stty -a; exit $code`;
    this.#pty = spawn("/bin/sh", ["-c", line], { cwd: place, env: childEnvironment(env) });
    this.#pty.onData((data) => {
      this.text += data.replaceAll("\r\n", "\n");
      this.#wake();
    });
    this.#ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        this.#isOver = true;
        this.#wake();
        resolve(exitCode);
      });
    });
  }

  #wake(): void {
    for (const look of this.#waiting) look();
  }

  /** Waits until the text stands there so many times, then types. */
  async type(keys: string, after = ASKED, times = 1): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (this.text.split(after).length > times) resolve();
        else if (this.#isOver) reject(new Error(`It ended without ${JSON.stringify(after)}:\n${this.text}`));
        else return;
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
    this.#pty.write(keys);
  }

  /** The exit code. The terminal has to be as a shell left it: with lines, and with what is typed shown. */
  async end(): Promise<number> {
    const code = await this.#ended;
    expect(this.text).toMatch(/(?<!-)\bicanon\b/);
    expect(this.text).toMatch(/(?<!-)\becho\b/);
    return code;
  }
}

const made = (): readonly string[] => readdirSync(place);

it("asks for the template, takes a number, a name or Enter, and asks again after anything else", async () => {
  const program = new OnTerminal(["--no-install"]);
  await program.type("vue\r");
  await program.type("9\r", ASKED, 2);
  await program.type("server\r", ASKED, 3);
  expect(await program.end()).toBe(0);
  expect(program.text).toContain('There is no "vue": take a number or a name from above.\n');
  expect(program.text).toContain("  4  next     a page in Next.js");
  expect(program.text).toContain("cd orch-server");

  const quick = new OnTerminal(["--no-install"]);
  await quick.type("\r");
  expect(await quick.end()).toBe(0);
  expect(made()).toEqual(["orch-chat", "orch-server"]);
});

it.each([
  ["Ctrl-C", "\u0003"],
  ["Ctrl-D", "\u0004"],
  ["Ctrl-C after half a word", "libr\u0003"],
])("leaves nothing after %s at the question, and the terminal as it was", async (_, keys) => {
  const program = new OnTerminal([]);
  await program.type(keys);
  expect(await program.end()).toBe(0);
  expect(program.text).toContain("\nNothing was made.\n");
  expect(made()).toEqual([]);
});

it("asks nothing when the named folder cannot be used", async () => {
  await mkdir(join(place, "mine"));
  await writeFile(join(place, "mine/notes.txt"), "mine");
  const program = new OnTerminal(["mine"]);
  expect(await program.end()).toBe(2);
  expect(program.text).toContain("is not empty (notes.txt): name another folder, or empty this one.\n");
  expect(program.text).not.toContain(ASKED);
});

it.runIf(thorough)("keeps the project whole without a network, and says how to go on", async () => {
  const env = { npm_config_registry: "http://127.0.0.1:9/", npm_config_fetch_retries: "0" };
  const program = new OnTerminal([], { ...env, npm_config_cache: join(scratch, "cache") });
  await program.type("2\r");
  expect(await program.end()).toBe(1);
  expect(program.text).toContain('run "npm install" in orch-library when there is a network.\n');
  expect(existsSync(join(place, "orch-library/src/main.ts"))).toBe(true);
});

it.runIf(thorough)("takes everything back after Ctrl-C in the middle of the installation", async () => {
  // A registry that never answers.
  let asked: () => void = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const registry = createServer(() => asked());
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  const { port } = registry.address() as AddressInfo;
  const env = {
    npm_config_registry: `http://127.0.0.1:${port}/`,
    npm_config_cache: join(scratch, "cache-2"),
  };
  const program = new OnTerminal(["deep/mine"], env);
  await program.type("2\r");
  await isAsked;
  await program.type("\u0003", "Installing");
  expect(await program.end()).toBe(130);
  registry.closeAllConnections();
  registry.close();
  expect(program.text).toContain("\nStopped; nothing was made.\n");
  expect(made()).toEqual([]);
});

/** The walk of one chat message: the real program, from its sources, on a pseudo-terminal with a model on this machine. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Carrier } from "./carriers.ts";
import type { PreloadOptions } from "./preload.ts";
import type { Tallies } from "./tally.ts";

/** The way of one text through the program. */
export interface Way {
  readonly carriers: readonly Carrier[];
  readonly forms: readonly string[];
}

/** The word of the answer that is followed. */
const WORD = "zebrafish";
const LAST = "swam.";
const PIECES = ["The ", "grey ", `${WORD} `, LAST];

/** Sends one message that makes the model call one tool, and counts what runs until the answer is on the screen. */
export async function countMessage(checkout: string): Promise<Tallies> {
  return (await converse(checkout, undefined)) as Tallies;
}

/** Follows one piece of the answer's text from the provider's adapter to the terminal. */
export async function followText(checkout: string): Promise<Way> {
  return (await converse(checkout, WORD)) as Way;
}

async function converse(checkout: string, marker: string | undefined): Promise<unknown> {
  const home = mkdtempSync(join(tmpdir(), "orch-walk-"));
  // Each piece that is followed gets to the screen before the next one leaves.
  const pause = marker === undefined ? 0 : 200;
  const server = createServer((request, response) => void answer(request, response, pause));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const project = join(home, "project");
  mkdirSync(project);
  writeFileSync(join(project, "README.md"), "# Fish\n");
  const providers = { here: { kind: "openai-compatible", baseURL: `http://127.0.0.1:${port}/v1` } };
  writeFileSync(join(project, "orch.config.json"), JSON.stringify({ providers }));
  const file = join(home, "walk.json");
  const app = new App(checkout, project, home, { checkout, file, ...(marker !== undefined && { marker }) });
  try {
    await app.until("for commands");
    await wait(300);
    app.signal();
    await taken(file);
    app.type("which fish?\r");
    await app.until(LAST);
    await app.until("answered");
    await wait(300);
    app.signal();
    return await taken(file);
  } finally {
    app.kill();
    server.close();
    server.closeAllConnections();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Reads the file as soon as it is there, and removes it. */
async function taken(file: string): Promise<unknown> {
  for (let tries = 0; !existsSync(file); tries++) {
    if (tries > 400) throw new Error(`The program wrote no ${file}.`);
    await wait(25);
  }
  const value: unknown = JSON.parse(readFileSync(file, "utf8"));
  rmSync(file);
  return value;
}

/** Answers as a server of the chat completions API: first a tool call, then a text in pieces. */
async function answer(request: IncomingMessage, response: ServerResponse, pause: number): Promise<void> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (delta: object, finish: string | null = null): void => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    response.write(`data: ${JSON.stringify({ id: "1", model: "mock", choices })}\n\n`);
  };
  if (!body.includes('"role":"tool"')) {
    const call = { name: "read_file", arguments: '{"path":"README.md"}' };
    send({ role: "assistant", tool_calls: [{ index: 0, id: "call_1", type: "function", function: call }] });
    send({}, "tool_calls");
  } else {
    for (const content of PIECES) {
      send({ content });
      if (pause > 0) await wait(pause);
    }
    send({}, "stop");
  }
  response.end("data: [DONE]\n\n");
}

/** The program on a pseudo-terminal. */
class App {
  readonly #pty: import("@lydell/node-pty").IPty;
  #written = "";

  constructor(checkout: string, cwd: string, home: string, options: PreloadOptions) {
    const chat = createRequire(join(checkout, "apps/chat/package.json"));
    const { spawn } = chat("@lydell/node-pty") as typeof import("@lydell/node-pty");
    const preload = fileURLToPath(new URL("preload.ts", import.meta.url));
    const program = join(checkout, "apps/chat/src/cli.ts");
    const flags = ["--conditions=@orch/source", "--no-warnings", "--import", preload, program];
    const args = [...flags, "--trust", "--orc", "chat", "--model", "here/mock"];
    const { CI: _, NODE_OPTIONS: __, ...env } = process.env;
    this.#pty = spawn(process.execPath, args, {
      name: "xterm-256color",
      cols: 100,
      rows: 30,
      cwd,
      env: { ...env, HOME: home, LANG: "C.UTF-8", ORCH_WALK: JSON.stringify(options) },
    });
    this.#pty.onData((data) => {
      this.#written += data;
    });
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  signal(): void {
    process.kill(this.#pty.pid, "SIGUSR2");
  }

  kill(): void {
    this.#pty.kill("SIGKILL");
  }

  async until(text: string): Promise<void> {
    for (let tries = 0; !this.#written.includes(text); tries++) {
      if (tries > 800) throw new Error(`"${text}" did not appear in:\n${this.#written}`);
      await wait(25);
    }
  }
}

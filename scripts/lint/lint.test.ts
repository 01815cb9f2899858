/** Shows that the house rules bite: bad lines in every package, under the rules as they are committed. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rooms = ["core", "agents", "chat-runtime", "react", "restate", "server", "sqlite", "testing"].map(
  (name) => `packages/${name}`,
);
const all = [...rooms, "apps/chat"];

const doors: Readonly<Record<string, string>> = {
  "the time of day": "export const bad = Date.now();",
  "a new date": "export const bad = new Date();",
  "the process's time": "export const bad = performance.now();",
  "a timer": "setTimeout(() => {}, 1);",
  "an interval": "setInterval(() => {}, 1);",
  chance: "export const bad = Math.random();",
  "a fresh id": "export const bad = crypto.randomUUID();",
  "the network": 'export const bad = fetch("http://localhost");',
  "the process": 'export const bad = process.env["HOME"];',
  "the terminal": 'console.log("bad");',
  "a global by its full name": "globalThis.setTimeout(() => {}, 1);",
  "unguarded JSON": "export const bad = (text: string): unknown => JSON.parse(text);",
  "a bare error": 'throw new Error("bad");',
  "a bare error with a cause": 'throw new Error("bad", { cause: 1 });',
  "a bare type error": 'throw new TypeError("bad");',
};

/** What only the chat has: streams that end on a terminal. */
const streams: Readonly<Record<string, string>> = {
  "standard output as it is": 'doors.stdout.write("bad");',
  "standard error as it is": "doors.stderr.write(bad);",
  "the screen as it is": "context.stdout.write(bad);",
  "a file descriptor": 'writeSync(1, "bad");',
  "text that is only called safe": "export const bad = text as SafeText;",
};

/** What a package must not see. */
const walls: Readonly<Record<string, readonly string[]>> = {
  "packages/core": [
    "@orch/agents",
    "@orch/chat-runtime",
    "@orch/sqlite",
    "@orch/testing",
    "zod",
    "node:fs",
    "node:crypto",
  ],
  "packages/agents": [
    "@orch/chat-runtime",
    "@orch/sqlite",
    "@orch/sqlite/sessions",
    "@orch/testing",
    "@orch/chat",
    "node:timers/promises",
    "node:http",
  ],
  "packages/chat-runtime": [
    "@orch/sqlite",
    "@orch/sqlite/sessions",
    "@orch/testing",
    "@orch/chat",
    "node:fs",
  ],
  "packages/react": ["@orch/core", "@orch/server", "@ai-sdk/react", "node:http"],
  "packages/restate": ["@orch/agents", "@orch/chat-runtime", "@orch/sqlite", "@orch/testing", "node:process"],
  "packages/server": ["@orch/sqlite", "@orch/sqlite/sessions", "@orch/testing", "@orch/chat", "node:http"],
  "packages/sqlite": ["@orch/agents", "@orch/agents/files", "@orch/testing", "@orch/chat", "node:process"],
  "apps/chat": ["@orch/testing", "node:process", "node:child_process", "node:tty"],
};

const house = mkdtempSync(join(tmpdir(), "orch-lint-"));
const complaints = new Map<string, string[]>();

beforeAll(() => {
  for (const file of [
    "biome.json",
    ".gitignore",
    "scripts/lint/bare-error.grit",
    "scripts/lint/doors.grit",
    "scripts/lint/streams.grit",
  ]) {
    mkdirSync(dirname(join(house, file)), { recursive: true });
    cpSync(join(root, file), join(house, file));
  }
  for (const room of all) {
    mkdirSync(join(house, room, "src"), { recursive: true });
    for (const [name, line] of Object.entries(doors)) {
      put(place(room, name), line);
      put(place(room, name, ".test"), line);
    }
    if (room === "apps/chat")
      for (const [name, line] of Object.entries(streams)) put(place(room, name), line);
    for (const name of walls[room] ?? []) put(place(room, name), `export { bad } from "${name}";`);
  }
  put("packages/core/src/clock.ts", "export const good = Date.now();");
  put("packages/core/src/good.ts", 'export { good } from "./clock.ts";');

  const biome = join(root, "node_modules/.bin/biome");
  const args = ["lint", "--colors=off", "--max-diagnostics=none", "--reporter=json", "."];
  const { stdout } = spawnSync(biome, args, { cwd: house, encoding: "utf8" });
  const { diagnostics } = JSON.parse(stdout) as {
    readonly diagnostics: readonly {
      readonly severity: string;
      readonly location: { readonly path: string };
    }[];
  };
  for (const { severity, location } of diagnostics) {
    complaints.set(location.path, [...(complaints.get(location.path) ?? []), severity]);
  }
});

afterAll(() => rmSync(house, { recursive: true, force: true }));

describe.each(all)("in %s the lint", (room) => {
  it.each(Object.keys(doors))("refuses %s", (name) => {
    expect(complaints.get(place(room, name))).toContain("error");
  });

  it("lets tests pass through the doors", () => {
    for (const name of Object.keys(doors)) expect(complaints.get(place(room, name, ".test"))).toBeUndefined();
  });
});

describe.each(Object.entries(walls))("in %s the lint", (room, names) => {
  it.each(names)("refuses to see %s", (name) => {
    expect(complaints.get(place(room, name))).toEqual(["error"]);
  });
});

describe("T02: in apps/chat the lint", () => {
  it.each(Object.keys(streams))("refuses %s", (name) => {
    expect(complaints.get(place("apps/chat", name))).toContain("error");
  });
});

describe("the lint", () => {
  it("leaves door files and good code alone", () => {
    expect(complaints.get("packages/core/src/clock.ts")).toBeUndefined();
    expect(complaints.get("packages/core/src/good.ts")).toBeUndefined();
  });
});

function place(room: string, name: string, ending = ""): string {
  return `${room}/src/${name.replace(/\W+/g, "-")}${ending}.ts`;
}

function put(file: string, text: string): void {
  writeFileSync(join(house, file), `${text}\n`);
}

/** What earlier commits wrote is read, gone on with, and told the same. `write.ts` says what the files hold. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as agents from "@orch/agents";
import * as chat from "@orch/chat-runtime";
import * as core from "@orch/core";
import * as sqlite from "@orch/sqlite";
import * as sessions from "@orch/sqlite/sessions";
import * as testing from "@orch/testing";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import * as zod from "zod";
import { asStreamedNow, asToldNow, comparable, numbered, uncounted } from "./changes.ts";
import { converse, goOn, keep, plain, SESSION, type Told, tellInMemory, warm } from "./drive.ts";
import { keptFlows } from "./flows.ts";
import type { Modules } from "./modules.ts";
import { streamJson } from "./stream-json.ts";

// One test starts a process, and all tests of the repository share the machine.
vi.setConfig({ testTimeout: 60_000 });

const FIXTURES = join(import.meta.dirname, "fixtures");
const ROOT = join(import.meta.dirname, "../..");
const modules: Modules = { agents, chat, core, sessions, sqlite, testing, zod };

beforeAll(() => warm(modules, keptFlows.find(({ name }) => name === "agent")!));

let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "orch-kept-"));
});
afterEach(() => rmSync(temporary, { recursive: true }));

describe.each(readdirSync(FIXTURES))("what commit %s wrote", (commit) => {
  const read = (name: string): string => readFileSync(join(FIXTURES, commit, name), "utf8");
  const lines = (name: string): readonly unknown[] =>
    read(name)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
  const copyOf = (name: string): string => {
    const file = join(temporary, name);
    copyFileSync(join(FIXTURES, commit, name), file);
    return file;
  };

  describe.each(keptFlows.map((flow) => [flow.name, flow] as const))("of the flow %s", (name, flow) => {
    const then = JSON.parse(read(`events/${name}.json`)) as { readonly [when: string]: Told };
    const told = (when: string): Told | undefined =>
      then[when] && { ...then[when], events: asToldNow(then[when].events) as Told["events"] };

    it("is told the same in memory", async () => {
      expect(comparable(plain(await tellInMemory(modules, flow)))).toEqual(comparable(told("memory")));
    });

    it("is told the same on a database", async () => {
      expect(comparable(plain(await keep(modules, flow, join(temporary, "runs.db"))))).toEqual(
        comparable(told("kept")),
      );
    });

    it("is read and gone on with from that commit's database, to the same end by the same events", async () => {
      expect(comparable(plain(await goOn(modules, flow, copyOf("runs.db"))))).toEqual(
        comparable(told("later")),
      );
    });
  });

  it("of a conversation is told the same, and kept the same", async () => {
    const { events, session } = await converse(
      modules,
      join(temporary, "sessions.db"),
      ["light it", "and again"],
      0,
    );
    const told = (all: readonly unknown[]): unknown => comparable(JSON.parse(numbered(JSON.stringify(all))));
    expect(told(plain(events) as unknown[])).toEqual(told(asToldNow(lines("turns.jsonl"))));
    expect(numbered(session)).toBe(numbered(read("session.jsonl")));
  });

  it("of a session is read from its database and from its export, and gone on with", async () => {
    const file = copyOf("sessions.db");
    const { session } = await converse(modules, file, ["once more"], 60);
    const [head, ...turns] = session.trimEnd().split("\n");
    const [before, ...earlier] = read("session.jsonl").trimEnd().split("\n");
    expect(turns.slice(0, -1)).toEqual(earlier);
    expect(JSON.parse(head!)).toMatchObject({ id: SESSION, turnCount: earlier.length + 1 });
    expect(JSON.parse(turns.at(-1)!)).toMatchObject({ status: "completed" });

    const store = chat.memorySessions();
    await chat.importSession(read("session.jsonl"), store);
    const imported = chat.exportSession((await store.load(SESSION))!, "jsonl");
    expect(imported.trimEnd().split("\n")).toEqual([before, ...earlier]);
  });

  it("of a message without a terminal is told the same as lines of JSON", async () => {
    const then = comparable(uncounted(asStreamedNow(lines("stream.jsonl"))));
    expect(comparable(uncounted(await streamJson(ROOT)))).toEqual(then);
  });
});

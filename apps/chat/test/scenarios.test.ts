/**
 * The scenarios that a chat in a terminal has to pass, each with kill -9 in its middle and `orch -c`, on the screen and in what
 * scrolled away. Without a kill each is shown elsewhere: welcome, stream, three states, stop, queue, paste, no colours and `TERM=dumb` by
 * interactive.test.ts, lanes by kept-run.test.ts, approval by questions.test.ts, error and retry by turn-apart.test.ts, sizes by
 * resized-chats.test.ts, 40 columns by questions.test.ts, a pipe by headless.test.ts and, killed, by runs.test.ts, the graph by keys.test.ts.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sqliteSessions } from "@orch/sqlite/sessions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { thorough } from "../../../scripts/lanes.ts";
import { FORMS } from "./support/asking-files.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { LANES } from "./support/lanes-files.ts";
import { type Sandbox, sandbox } from "./support/sandbox.ts";
import { heldModel } from "./support/slow-model.ts";
import type { TerminalApp } from "./support/terminal-app.ts";
import { toldModel } from "./support/told-model.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const READY = "Ask, or / for commands";
/** A narrow window has no room for all of the last row. */
const idle = (app: TerminalApp): boolean => /› Ask, or \/ for commands\n(?!.*Esc)[^\n]*$/.test(app.screen());
const shows = (app: TerminalApp, text: string | RegExp): Promise<void> =>
  app.until((it) => (typeof text === "string" ? it.screen().includes(text) : text.test(it.screen())));

interface Scenario {
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly size?: { readonly columns: number; readonly rows: number };
  readonly env?: Readonly<Record<string, string>>;
  /** A model that stops in the middle of its answer. */
  readonly held?: true;
  readonly told?: true;
  /** Goes to the middle. */
  readonly go: (app: TerminalApp, box: Sandbox) => Promise<void>;
  /** What `orch -c` shows, and goes on with. */
  readonly after: (app: TerminalApp, release: () => void) => Promise<void>;
}

const TEXT = `# Unique heading\n\n${Array.from({ length: 40 }, (_, at) => `Line ${at + 1}.`).join("\n\n")}\n\nEND\n`;
/** The answer stops after it. */
const MIDDLE = "Line 30.";

async function untilMiddle(app: TerminalApp, box: Sandbox, message = "tell me"): Promise<void> {
  app.type(`${message}\r`);
  await app.until(MIDDLE);
  await keptDraft(box);
}

/** What was shown is there once, marked as cut; Enter goes on to the end, and every line of the answer stands there once more. */
async function goesOn(app: TerminalApp, release: () => void): Promise<void> {
  await app.until(/Line 30\.\n+⊘ cut here/);
  await app.until("↻ stopped in chat. Enter goes on");
  await app.until(idle);
  for (const text of ["Unique heading", "Line 7.", "Line 29."]) expect(app.count(text), text).toBe(1);
  release();
  app.type("\r");
  await app.until("END");
  await app.until(idle);
  for (const text of ["Unique heading", "Line 7.", "Line 29."]) expect(app.count(text), text).toBe(2);
  expect(app.count("Line 40.")).toBe(1);
  expect(app.fullClears()).toBe(0);
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  welcome: {
    go: async () => {},
    after: async (app) => {
      await app.until("There is no earlier conversation");
      expect(app.count("orch 0.")).toBe(1);
    },
  },
  "a stream": { held: true, go: (app, box) => untilMiddle(app, box), after: goesOn },
  "a stream at 40 columns": {
    held: true,
    size: { columns: 40, rows: 12 },
    go: (app, box) => untilMiddle(app, box),
    after: goesOn,
  },
  "a stream without colours": {
    held: true,
    env: { NO_COLOR: "1" },
    go: (app, box) => untilMiddle(app, box),
    after: async (app, release) => {
      await goesOn(app, release);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a colour is one.
      expect(app.raw).not.toMatch(/\u001b\[[\d;]*3[0-7][\d;]*m/);
    },
  },
  "five sizes in a stream": {
    held: true,
    go: async (app, box) => {
      await untilMiddle(app, box);
      for (const [columns, rows] of [
        [70, 20],
        [120, 40],
        [60, 15],
        [90, 25],
        [100, 30],
      ] as const)
        await app.resize(columns, rows);
    },
    after: goesOn,
  },
  "a queue": {
    held: true,
    go: async (app, box) => {
      await untilMiddle(app, box);
      app.type("the second one\r");
      await shows(app, "⧗ the second one");
      // It is written down a moment after it is shown.
      const history = join(box.home, ".local/state/orch/history.jsonl");
      while (!(await readFile(history, "utf8")).includes("the second one"))
        await new Promise((resolve) => setTimeout(resolve, 20));
    },
    after: async (app, release) => {
      await goesOn(app, release);
      // It was never sent, and comes back with Up.
      expect(app.count("the second one")).toBe(0);
      app.type("\u001b[A");
      await shows(app, "› the second one");
    },
  },
  "a large paste": {
    held: true,
    go: async (app, box) => {
      app.paste(Array.from({ length: 500 }, (_, at) => `pasted row ${at + 1}`).join("\r\n"));
      await shows(app, "500 lines");
      app.type("\r");
      await app.until(MIDDLE);
      await keptDraft(box);
      const [message] = await sentMessages(box);
      expect(message?.match(/pasted row \d+/g)).toHaveLength(500);
    },
    after: async (app, release) => {
      await goesOn(app, release);
      expect(app.count("pasted row 1\n")).toBe(1);
    },
  },
  "three states": {
    files: FORMS,
    args: ["--trust", "--orc", "form"],
    go: async (app) => {
      app.type("go\r");
      await shows(app, "y yes");
      expect(app.count("● find")).toBeGreaterThan(0);
    },
    after: async (app) => {
      await app.until("↻ stopped in approve, 1 question open. Enter goes on");
      app.type("\r");
      await shows(app, "y yes");
      app.type("y");
      await shows(app, "› copies");
      app.type("2\r\r");
      await app.until('Given: {"approve":true,"copies":2}');
      expect(app.count("› go")).toBe(1);
    },
  },
  "an approval": {
    files: FORMS,
    args: ["--trust", "--orc", "tool"],
    go: async (app) => {
      app.type("a.md\r");
      await shows(app, "y yes, once");
    },
    after: async (app) => {
      await app.until(/1 question open\. Enter goes on/);
      app.type("\r");
      await shows(app, "y yes, once");
      app.type("y");
      await app.until("Told edited a.md.");
      await app.until(idle);
      expect(app.count("Told edited a.md.")).toBe(1);
    },
  },
  "lanes side by side": {
    files: LANES,
    args: ["--trust", "--orc", "lanes"],
    go: async (app) => {
      app.type("a b c d e\r");
      await app.until("What c found so far.");
      await app.until(/workAll.*4/);
    },
    after: (app) => app.until("↻ stopped in workAll, 4 of 5 done. Enter goes on"),
  },
  "a graph while it runs": {
    files: FORMS,
    args: ["--trust", "--orc", "form"],
    go: async (app) => {
      app.type("go\r");
      await shows(app, "y yes");
      app.type("/graph\r");
      await app.until(/⏸ approve/);
    },
    after: async (app) => {
      await app.until("1 question open. Enter goes on");
      app.type("/graph\r");
      await app.until(/find ─+▶ .*approve/);
      await app.until(idle);
    },
  },
  "an error and its retry": {
    told: true,
    go: async (app) => {
      app.type("fail400\r");
      await app.until("stays apart from the conversation");
      await app.until(idle);
    },
    after: async (app) => {
      await app.until(idle);
      expect(app.count("› fail400")).toBe(1);
      app.type("/retry\r");
      await app.until((it) => it.count("stays apart from the conversation") === 2 && idle(it));
      app.type("hello\r");
      await app.until(/^hello$/m);
    },
  },
  "a stop": {
    held: true,
    go: async (app, box) => {
      await untilMiddle(app, box);
      app.type("\u001b");
      await shows(app, "Esc again to stop");
      app.type("\u001b");
      await app.until("⊘ stopped");
      await app.until(idle);
    },
    after: async (app) => {
      await app.until(idle);
      for (const text of ["Unique heading", "Line 7.", "Line 30.", "⊘ stopped"])
        expect(app.count(text), text).toBe(1);
    },
  },
};

/** What lane `test` has beside; kept-run.test.ts has the stream, and questions.test.ts the approval. */
const FEW = ["a queue"];

describe.concurrent("kill -9 in the middle, and orch -c", () => {
  test.each(Object.keys(SCENARIOS).filter((name) => thorough || FEW.includes(name)))(
    "T07: %s",
    async (name) => {
      const { files = {}, args, size = {}, env = {}, held, told, go, after } = SCENARIOS[name]!;
      await using slow = await heldModel(TEXT, MIDDLE);
      await using model = held ? slow : await toldModel();
      const all = args ?? (held || told ? model.args : []);
      await using box = await sandbox(cli.file, held || told ? model.files : files);
      {
        await using app = box.start(all, { ...size, env, asProcess: true });
        await app.until(READY);
        await go(app, box);
        app.signal("SIGKILL");
        await app.ended;
      }
      await using app = box.start([...(args === undefined ? all : ["--trust"]), "-c"], { ...size, env });
      await app.until(READY);
      await after(app, slow.release);
    },
  );

  test("a draft that was not sent when the terminal was closed comes back with Up", async () => {
    await using box = await sandbox(cli.file);
    {
      await using app = box.start([], { asProcess: true });
      await app.until(READY);
      app.type("half a thought");
      await shows(app, "› half a thought");
      app.hangUp();
      expect((await app.ended).code).toBe(129);
    }
    await using app = box.start();
    await app.until(READY);
    app.type("\u001b[A");
    await shows(app, "› half a thought");
  });
});

async function sentMessages(box: Sandbox): Promise<readonly string[]> {
  const store = sqliteSessions({ file: join(box.home, ".local/state/orch/sessions.db") });
  const [summary] = await store.list();
  const session = await store.load(summary!.id);
  await store.close();
  return session!.turns.map(({ messages }) => JSON.stringify(messages[0]));
}

/** Resolves when the session has a draft of the answer. */
async function keptDraft(box: Sandbox): Promise<void> {
  for (;;) {
    const store = sqliteSessions({ file: join(box.home, ".local/state/orch/sessions.db") });
    const [summary] = await store.list();
    const session = await store.load(summary!.id);
    await store.close();
    if (JSON.stringify(session!.turns.at(-1)!.messages).includes(MIDDLE)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

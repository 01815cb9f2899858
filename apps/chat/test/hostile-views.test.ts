/** Hostile text through everything that is drawn: the transcript while it streams, the view of a run, lists, forms, and what MCP servers say. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentEvents } from "@orch/agents";
import type { ChatEvent, SessionSummary } from "@orch/chat-runtime";
import { all, type OrchestrationEvent, orchestration, question, runnable, speech } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { budget, figure } from "../../../scripts/lanes.ts";
import { START } from "../src/app/app-state.ts";
import { frameOf } from "../src/app/frame.ts";
import { TurnView } from "../src/app/turn-view.ts";
import { approveCommand } from "../src/commands/approve.ts";
import type { Command, Desk } from "../src/commands/command.ts";
import { linksCommand } from "../src/commands/links.ts";
import { queueCommand } from "../src/commands/queue.ts";
import { resumeCommand } from "../src/commands/resume.ts";
import { sessionsCommand } from "../src/commands/sessions.ts";
import { toolsCommand } from "../src/commands/tools.ts";
import type { FullScreenView } from "../src/full-screen/full-screen-view.ts";
import { McpServers } from "../src/mcp/mcp-servers.ts";
import { systemDoors } from "../src/process/doors.ts";
import { NO_KEYS } from "../src/process/early-keys.ts";
import type { Asked } from "../src/questions/asked.ts";
import { panelHint, panelLines } from "../src/questions/panel-lines.ts";
import { newDraft, type PanelState } from "../src/questions/panel-state.ts";
import { PlainPanel } from "../src/questions/plain-panel.ts";
import { railLines } from "../src/rail/rail-lines.ts";
import { railStart } from "../src/rail/rail-start.ts";
import { exportRun } from "../src/run-view/export-run.ts";
import { RunReader } from "../src/run-view/run-reader.ts";
import { RunView } from "../src/run-view/run-view.ts";
import { RUN_FORMATS } from "../src/run-view/run-view-state.ts";
import { toolGroups } from "../src/setup/tool-groups.ts";
import { safe, safeText } from "../src/terminal/safe-text.ts";
import { type Line, plainText } from "../src/terminal/styled.ts";
import { createTheme } from "../src/terminal/theme.ts";
import {
  type Entry,
  errorEntry,
  messageEntries,
  noticeEntry,
  userEntry,
  writtenEntry,
} from "../src/transcript/entry.ts";
import { firedBy } from "./support/fired-by.ts";
import { hostileTexts, inPieces } from "./support/hostile-texts.ts";

const TEXTS = hostileTexts(budget("viewedTexts"));
const theme = createTheme({ env: { NO_COLOR: "1" } });
const SIZES = [
  { columns: 100, rows: 30 },
  { columns: 40, rows: 12 },
] as const;

const paths = new Map<string, number>();
/** Looks at what a path drew as a terminal does. Every text went through it. */
async function see(path: string, lines: readonly (Line | string)[]): Promise<void> {
  const drawn = lines.map((line) => (typeof line === "string" ? line : plainText(line))).join("\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(drawn, path).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  expect(await firedBy(drawn), path).toEqual([]);
  expect(lines.length, path).toBeGreaterThan(5);
  paths.set(path, lines.length);
}
afterAll(() => {
  const places = [...paths].map(([path, lines]) => `${path} ${lines} lines`).join(", ");
  figure(
    `hostile text that is drawn: ${TEXTS.length} nested and split sequences through ${paths.size} paths (${places}), fired: 0`,
  );
});

const drawn = (entries: readonly Entry[]): readonly Line[] =>
  SIZES.flatMap(({ columns }) => entries.flatMap((entry) => entry({ width: columns - 1, theme })));

/** A run in which every text is a lane's name, its input, its output, what it says, a tool, a model, and often an error. */
async function hostileRun(): Promise<{
  readonly flow: { readonly graph: never };
  readonly events: readonly OrchestrationEvent[];
}> {
  const branches = TEXTS.map((text, at) => {
    const work = runnable(`s${at}`, (_: string, ctx) => {
      for (const piece of inPieces(text)) ctx.emit(speech, piece);
      const call = { id: `c${at}`, agent: text, turn: 1, name: text };
      const part = { type: "tool-call", id: call.id, name: text, rawInput: text } as const;
      const message = {
        role: "assistant",
        content: [part],
        origin: { provider: text, api: text, model: text },
        finish: { reason: "tool-calls" },
      };
      ctx.emit(agentEvents, { type: "agent.message", message, agent: text, turn: 1 } as never);
      ctx.emit(agentEvents, { type: "tool.started", input: text, ...call } as never);
      const result = { type: "tool-result", id: call.id, name: text, output: text, isError: at % 2 === 0 };
      ctx.emit(agentEvents, { type: "tool.completed", result, duration: 1, ...call } as never);
      ctx.spend({ inputTokens: 1, model: text });
      if (at % 7 === 0) throw new Error(text, { cause: new Error(text) });
      return { [text]: text };
    });
    // A branch has no name with these.
    return [`${at}${text.replaceAll(/[/#[\]]/g, "")}`, work] as const;
  });
  const lanes = all("lanes", Object.fromEntries(branches));
  const failed = runnable("failed", (error: unknown) => String(error));
  const ask = question("ask", { ask: () => TEXTS.join("\n"), answer: z.boolean() });
  const flow = orchestration("flow", (o) =>
    o
      .start(lanes)
      .catch(lanes, ask, { convert: () => "" })
      .advance(lanes, ask, { convert: () => "" })
      .advance(ask, failed, { label: TEXTS.slice(0, 40).join(""), convert: String })
      .finish(failed),
  );
  const host = memoryHost();
  const events: OrchestrationEvent[] = [];
  const run = flow.start(TEXTS.join("\n") as never, { host, onEvent: (event) => void events.push(event) });
  for await (const event of run.events())
    if (event.type === "question.asked") await run.answer(event.question, true);
  await run.result.catch(() => undefined);
  return { flow: flow as never, events };
}

const hostile = hostileRun();

test("the view of a run, live and as a file in each form", async () => {
  const { flow, events } = await hostile;
  const reader = new RunReader();
  for (const event of events) reader.take(event);
  const view = new RunView({
    ...{
      record: () => reader.record,
      events: () => reader.events,
      graph: () => flow.graph,
      records: async () => undefined,
      theme: () => theme,
    },
    ...{
      now: () => 0,
      follow: () => () => {},
      copy: () => ({ taken: true, note: safe`` }),
      retry: () => undefined,
    },
    ...{ write: async () => ({ text: safe``, tone: "done" }), fork: async () => undefined, edit: undefined },
    failure: (error) => safeText(String(error)),
  });
  const screen = { changed: () => {}, close: () => {}, lend: async () => undefined };
  const lines: Line[] = [];
  let draws = 0;
  const draw = (): void => {
    lines.push(...view.draw(SIZES[draws++ % SIZES.length]!).lines);
  };
  const press = (key: object, input = ""): void => view.press({ input, key }, screen);
  press({ home: true });
  // Every row with its details, and now and then all of them.
  for (let at = 0; at < TEXTS.length * 2 + 10; at++) {
    draw();
    press({ downArrow: true });
  }
  for (const letter of ["g", "x", "?"]) {
    press({}, letter);
    draw();
    press({ escape: true });
  }
  press({}, "/");
  view.paste(TEXTS.join(" "));
  draw();
  await see("view of a run", lines);
  for (const graph of [undefined, flow.graph])
    for (const format of RUN_FORMATS)
      await see(
        `run as ${format}`,
        exportRun({ run: reader.record, events: reader.events, graph }, format).split("\n"),
      );
});

test("the transcript and the rail while a turn streams, cut anywhere", async () => {
  const { events } = await hostile;
  const entries: Entry[] = [];
  const turn = new TurnView(railStart("flow", ["lanes", "failed"]), (entry) => void entries.push(entry));
  const style = { width: 99, theme };
  const lines: Line[] = [];
  const look = (): void => {
    for (const { columns, rows } of SIZES) {
      lines.push(...turn.tail(rows >> 1, { width: columns - 1, theme }, 0));
      lines.push(...railLines(turn.rail, { width: columns - 1, height: 6, now: 0, theme }));
    }
  };
  for (const [at, event] of events.entries()) {
    turn.take([event as ChatEvent], style);
    if (at % 50 === 0) look();
  }
  for (const text of TEXTS) {
    for (const piece of inPieces(`${text}\n\n`))
      turn.take(
        [{ type: "message.delta", text: piece, path: "flow/failed#1", turnId: "t", sessionId: "s", time: 0 }],
        style,
      );
    look();
  }
  await see("rail and open block", lines);
  const message = {
    role: "assistant",
    content: [
      ...TEXTS.map((text) => ({
        type: "text",
        text,
        citations: [{ text, title: text, url: text, path: text, source: text }],
      })),
    ],
    origin: { provider: TEXTS[0]!, api: "", model: TEXTS[1]! },
    finish: { reason: "stop" },
  } as never;
  turn.complete(message, style);
  const marked = TEXTS.flatMap((text) => [
    ...[
      `# ${text}`,
      `- [${text}](http://x/${text})`,
      `> ${text}`,
      `\`\`\`${text}\n${text}\n\`\`\``,
      `| ${text} | b |\n|---|---|\n| c | ${text} |`,
    ],
  ]).join("\n\n");
  const said = { role: "assistant", content: [{ type: "text", text: marked }] } as never;
  await see(
    "answers and rows of tools",
    drawn([...entries, ...messageEntries(message), ...messageEntries(said)]),
  );
  await see(
    "notices, errors and messages",
    drawn(
      TEXTS.flatMap((text) => [
        ...[userEntry(text), writtenEntry(text), noticeEntry(safeText(text), "failed")],
        errorEntry(new Error(text, { cause: new Error(text) })),
      ]),
    ),
  );
});

function asked(text: string, schema: object, more: object = {}): Asked {
  return {
    id: text,
    path: `flow/a#1[${text}]`,
    state: text,
    prompt: { question: text, [text]: text },
    schema,
    ...more,
  } as never;
}

test("forms, tools that ask, and the same where lines are only appended", async () => {
  const lines: (Line | string)[] = [];
  for (const [at, text] of TEXTS.entries()) {
    const field = { type: "string", title: text, description: text, enum: [text, `${text}2`] };
    const questions = [
      asked(text, {
        type: "object",
        properties: { [text]: field, [`${text}b`]: { type: "string", description: text } },
      }),
      asked(text, { enum: [text, `b${text}`] }),
      asked(
        text,
        {},
        {
          call: {
            agent: text,
            tool: text,
            input: { [text]: text, old_string: text, new_string: `${text}\n${text}` },
          },
        },
      ),
    ];
    for (const one of questions) {
      const draft = { ...newDraft(one), problem: text, edited: { value: { [text]: [text] } } };
      for (const view of [undefined, 0]) {
        const panel: PanelState = { drafts: [draft], deaf: 0, ...(view !== undefined && { view }) };
        const { columns: width, rows: height } = SIZES[at % SIZES.length]!;
        lines.push(...panelLines(panel, { width, height, now: 1, theme }), panelHint(panel, 1));
        lines.push(...new PlainPanel().lines(panel, 1, { width: 80, theme }));
      }
    }
  }
  await see("questions", lines);
});

/** A desk of which a command uses a few things. */
function deskOf(parts: object): { readonly desk: Desk; readonly entries: Entry[]; readonly lines: Line[] } {
  const entries: Entry[] = [];
  const lines: Line[] = [];
  const show = async (view: FullScreenView): Promise<boolean> => {
    const changed = Promise.withResolvers<void>();
    const screen = { changed: changed.resolve, close: () => {}, lend: async () => undefined };
    view.opened?.(screen);
    await changed.promise;
    for (let at = 0; at < TEXTS.length; at++) {
      for (const size of SIZES) lines.push(...view.draw(size).lines);
      view.press({ input: "", key: { downArrow: true } }, screen);
    }
    view.paste?.(TEXTS.join(" "), screen);
    lines.push(...view.draw(SIZES[0]).lines);
    return true;
  };
  const desk = {
    print: (entry: Entry) => void entries.push(entry),
    show,
    now: () => 0,
    look: { theme },
    ...parts,
  };
  return { desk: desk as unknown as Desk, entries, lines };
}

test("lists: conversations and the choice of one, what waits, links, what was allowed, and what a window shows below", async () => {
  const sessions = TEXTS.map(
    (text, at): SessionSummary => ({
      ...{
        id: `${at}${text}`,
        title: text,
        createdAt: 0,
        updatedAt: 0,
        turnCount: 1,
        lastConfiguration: text,
        heldBy: text,
      },
    }),
  );
  const turn = {
    messages: TEXTS.map((text) => ({
      role: "user",
      content: [{ type: "text", text: `[${text}](https://x/${text}) https://y/${text}` }],
    })),
  };
  const grants = TEXTS.map((text) => ({ orchestration: text, tool: text, arguments: text }));
  const { desk, entries, lines } = deskOf({
    ...{
      listSessions: async () => sessions,
      sessions: { list: async () => sessions },
      knownSessions: sessions,
    },
    ...{ queue: TEXTS, whole: async () => ({ turns: [turn] }), folder: TEXTS.join("") },
    grants: { list: async () => grants },
  });
  const opened: ((desk: Desk) => Command)[] = [sessionsCommand, queueCommand, linksCommand, approveCommand];
  for (const command of opened) await command(desk).run("");
  await see("lists of commands", drawn(entries));
  // Nothing is chosen, so that nothing is gone on with.
  await resumeCommand(desk).run("");
  await see("choice of a conversation", lines);

  const frames: Line[] = [];
  for (const text of TEXTS) {
    const items = [{ label: text, insert: text, description: text }];
    const frame = frameOf(
      {
        app: { ...START, queue: [text, text], completion: { start: 0, end: 0, items } },
        ...{ turn: undefined, style: { width: 99, theme }, now: 0, orchestration: text, model: text },
        ...{ spending: { tokens: 1, cost: 1, isPartial: false, context: 1 }, contextWindow: 10 },
      } as never,
      SIZES[0],
    );
    frames.push(...frame.above, ...frame.below);
  }
  await see("live region", frames);
});

/** Speaks MCP over its streams: its tools and what it writes are hostile; with a word it fails. */
const SERVER = `
const texts = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
process.stderr.write(texts.join("\\n"));
if (process.argv[2] === "fails") process.exit(3);
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method } = JSON.parse(line);
  if (id === undefined) return;
  const tools = texts.map((text, at) => ({ name: at % 2 ? text : "t" + at, title: text, description: text, inputSchema: { type: "object", description: text } }));
  const result = method === "tools/list" ? { tools }
    : { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: texts[0], version: texts[1] }, instructions: texts[2] };
  process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\\n");
});`;

test("what MCP servers write, and their tools' names and descriptions", async () => {
  const { clock, fetch } = systemDoors(NO_KEYS);
  const told: string[] = [];
  const folder = await mkdtemp(join(tmpdir(), "orch-hostile-mcp-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  // What a process is started with has to be shorter than all of them.
  await writeFile(join(folder, "texts.json"), JSON.stringify(TEXTS));
  const run = { command: process.execPath, args: ["-e", SERVER, join(folder, "texts.json")] };
  const servers = new McpServers(
    { odd: run, [TEXTS[3]!]: { ...run, args: [...run.args, "fails"] } },
    { clock, fetch, folder, failed: (says) => void told.push(says) },
  );
  await servers.connect();
  const tools = await servers.tools();
  expect(tools.length).toBeGreaterThan(TEXTS.length / 3);
  expect(servers.states.map(({ state }) => state)).toEqual(["ready", "failed"]);
  const { desk, entries } = deskOf({ toolGroups: () => toolGroups({ folder, servers }) });
  await toolsCommand(desk).run("");
  await see(
    "MCP servers",
    drawn([...entries, ...told.map((says) => noticeEntry(safeText(says), "warning"))]),
  );
  await servers.close();
});

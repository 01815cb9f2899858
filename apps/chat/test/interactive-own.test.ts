/** Orchestrations of one's own in the real program, on a pseudo-terminal. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const READY = "Ask, or / for commands";
/** The row of keys that is there as soon as a question takes one. */
const HEARS = "y yes";

/** A project with one orchestration of its own. */
function project(name: string, text: string): Readonly<Record<string, string>> {
  return {
    "orch.config.json": JSON.stringify({ orchestrations: { [name]: { file: `./orc/${name}.ts` } } }),
    [`orc/${name}.ts`]: text,
  };
}

const BROKEN = `import { orchestration, runnable } from "@orch/core";
const a = runnable("a", (x: string) => x);
const b = runnable("a", (x: string) => x);
export default () => orchestration("broken", (o) => o.start(a).finish(b));
`;

const LOOP = `import { orchestration, runnable } from "@orch/core";
import { word } from "./word.ts";
const MOST: number = 4;
const begin = runnable("begin", (_: string) => 0);
const step = runnable("step", (done: number) => done + 1);
const say = runnable("say", (done: number) => word + " after " + done + " steps");
export default () =>
  orchestration("loop", (o) =>
    o
      .start(begin)
      .advance(begin, step)
      .advance(step, step, { when: (done) => done < MOST })
      .advance(step, say)
      .finish(say),
  );
`;

const ASKING = `import { orchestration, question, runnable } from "@orch/core";
import { z } from "zod";
const first = runnable("first", (text: string) => text + "!");
const ask = question<string, boolean>("ask", {
  ask: (text) => "Shall " + text.slice(0, -1) + " go on?",
  answer: z.boolean(),
});
export default () => orchestration("asking", (o) => o.start(first).advance(first, ask).finish(ask));
`;
const LONGER = ASKING.replace(
  "export default",
  'const last = runnable("last", (yes: boolean) => "answered by " + yes);\nexport default',
).replace(".finish(ask)", ".advance(ask, last).finish(last)");

describe.concurrent("an orchestration of one's own in the chat", () => {
  test("T25: every problem of a definition is on the screen, with its place, when it is chosen", async () => {
    await using box = await sandbox(cli.file, project("broken", BROKEN));
    await using app = box.start(["--trust"]);
    await app.until(READY);
    app.type("/orc broken\r");
    await app.until("Correct what each line names");
    expect(app.unbroken().match(/orc\/broken\.ts:3:20: /g)).toHaveLength(4);
    expect(app.scrollback()).toContain("is never reached");
    // What answered before goes on, without a warning of Node's in between.
    expect(app.scrollback()).not.toContain("MODULE_TYPELESS");
  });

  test("T26: the next message runs the code as it is by then, with what it imports", async () => {
    await using box = await sandbox(cli.file, {
      ...project("loop", LOOP),
      "orc/word.ts": 'export const word: string = "first";\n',
    });
    await using app = box.start(["--trust", "--orc", "loop"]);
    await app.until(READY);
    app.type("go\r");
    await app.until("first after 4 steps");
    await writeFile(join(box.folder, "orc/loop.ts"), LOOP.replace("4", "5"));
    // Before the next message, without a key.
    await app.until("The files of loop changed, and are loaded again.");
    app.type("go\r");
    await app.until("first after 5 steps");
    await writeFile(join(box.folder, "orc/word.ts"), 'export const word: string = "second";\n');
    app.type("go\r");
    await app.until("second after 5 steps");
    await app.until((it) => it.count("are loaded again") === 2);
    await writeFile(join(box.folder, "orc/loop.ts"), LOOP.replace("4", "6"));
    app.type("/orc loop\r");
    await app.until("answers from now on");
    app.type("go\r");
    await app.until("second after 6 steps");
  });

  test("T26: an edit of a file that was trusted as it was runs after /trust, and so do the edits after it", async () => {
    await using box = await sandbox(cli.file, {
      ...project("loop", LOOP),
      "orc/word.ts": 'export const word: string = "first";\n',
    });
    await using app = box.start();
    await app.until("y trust this folder");
    app.type("y");
    await app.until(READY);
    app.type("/orc loop\r");
    await app.until("loop answers from now on");
    await writeFile(join(box.folder, "orc/loop.ts"), LOOP.replace("4", "5"));
    await app.until("or give /trust in the chat");
    app.type("/trust\r");
    await app.until(/loop: orc\/loop\.ts +changed since you trusted it, so it does not run/);
    await app.until("y or n");
    app.type("n\r");
    await app.until("Nothing was trusted.");
    app.type("go\r");
    await app.until((it) => it.count("or give /trust in the chat") === 2);
    app.type("\u0015/trust\r");
    await app.until((it) => it.count("y or n") === 2);
    app.type("y\r");
    await app.until("Trusted, as it is now");
    await app.until("The files of loop changed, and are loaded again.");
    await writeFile(join(box.folder, "orc/loop.ts"), LOOP.replace("4", "6"));
    await app.until((it) => it.count("are loaded again") === 2);
    app.type("go\r");
    await app.until("first after 6 steps");
  });

  test("T26: code that is broken by an edit does not answer as it was before, and is tried again", async () => {
    await using box = await sandbox(cli.file, {
      ...project("loop", LOOP),
      "orc/word.ts": 'export const word: string = "first";\n',
    });
    await using app = box.start(["--trust", "--orc", "loop"]);
    await app.until(READY);
    app.type("go\r");
    await app.until(/● say .*first after 4 steps/);
    const said = app.count("after 4 steps");
    await writeFile(join(box.folder, "orc/word.ts"), "export const word: = 3;\n");
    await app.until("orc/word.ts:1:20: ");
    app.type("go\r");
    await app.until((it) => it.count("orc/word.ts:1:20: ") === 2);
    expect(app.count("after 4 steps")).toBe(said);
    await writeFile(join(box.folder, "orc/word.ts"), 'export const word: string = "third";\n');
    await app.until("The files of loop changed, and are loaded again.");
    app.type("go\r");
    await app.until("third after 4 steps");
  });

  test("T26: a run that was left says what an edit means for it: it fits, or what is gone and the ways out", async () => {
    await using box = await sandbox(cli.file, project("asking", ASKING));
    const file = join(box.folder, "orc/asking.ts");
    const args = ["--trust", "--orc", "asking"];
    {
      await using app = box.start(args);
      await app.until(READY);
      app.type("the plan\r");
      await app.until("Shall the plan go on?");
      await app.until(HEARS);
      app.type("/quit\r");
      await app.ended;
    }
    await writeFile(file, ASKING.replaceAll('"first"', '"begin"'));
    await using app = box.start([...args, "-c"]);
    await app.until("/retry sends the message anew");
    expect(app.unbroken()).toContain(
      "stopped in ask, and cannot go on: since then its orchestration changed (gone: first; new: begin).",
    );
    // Enter is no way out then, and starts nothing.
    app.type("\r");
    await writeFile(file, ASKING.replace('text + "!"', 'text + "?"'));
    await app.until("The new code has the same states");
    await writeFile(file, LONGER);
    await app.until(/changed \(new: last\), and the run fits\s+it/);
    app.type("\r");
    await app.until((it) => it.count("Shall the plan go on?") === 1 && it.screen().includes(HEARS));
    app.type("yes\r");
    await app.until("answered by true");
    // Once more, and sent anew because it cannot go on.
    app.type("another plan\r");
    await app.until((it) => it.screen().includes("Shall another plan go on?") && it.screen().includes(HEARS));
    app.type("/quit\r");
    await app.ended;
    await writeFile(file, ASKING.replaceAll('"first"', '"begin"'));
    await using last = box.start([...args, "-c"]);
    await last.until("/retry sends the message anew");
    last.type("/retry\r");
    await last.until((it) => it.count("› another plan") === 2 && it.count("Shall another plan go on?") === 1);
    await last.until((it) => it.screen().includes(HEARS));
    last.type("no\r");
    await last.until(/● ask/);
  });

  test("says that no model is configured only where a model is asked for", async () => {
    const own = (name: string, given: string): string =>
      `import { orchestration, runnable } from "@orch/core";
const say = runnable("say", (text: string) => "${name} heard " + text);
export default (${given}: object) => orchestration("${name}", (o) => o.start(say).finish(say));
`;
    const orchestrations = { plain: { file: "./plain.ts" }, talk: { file: "./talk.ts" } };
    await using box = await sandbox(cli.file, {
      "orch.config.json": JSON.stringify({ orchestrations }),
      "plain.ts": own("plain", "_"),
      "talk.ts": own("talk", "{ model }").replace(": object", ": { model: object }"),
    });
    await using app = box.start(["--trust", "--orc", "plain"]);
    await app.until(READY);
    app.type("go\r");
    await app.until("plain heard go");
    await app.until((it) => it.screen().endsWith(" / commands"));
    expect(app.scrollback()).not.toMatch(/No model|local\/extractive|language model/);
    app.type("/orc talk\r");
    await app.until(
      "talk with local/extractive (quotes your files; not a language model) answers from now on",
    );
    await app.until("No model is configured. Set OPENAI_API_KEY");
    app.type("/orc plain\r");
    await app.until("plain answers from now on");
    app.type("/orc talk\r");
    await app.until((it) => it.count("talk with local/extractive") === 2);
    expect(app.count("No model is configured")).toBe(1);
    // The same without a screen.
    const piped = (name: string) => box.run(["-p", "--trust", "--orc", name, "go"]);
    expect(await piped("plain")).toEqual({ code: 0, stdout: "plain heard go\n", stderr: "" });
    expect((await piped("talk")).stderr).toContain("No model is configured, so local/extractive answers");
    const { stdout } = await box.run(["doctor", "--orc", "plain"]);
    expect(stdout).toMatch(/ok +model +plain answers, and asks for no model\./);
  });

  test("T27: its description stands in /orc, and its rows say what it says of their outputs", async () => {
    const files = {
      "orch.config.json": JSON.stringify({
        orchestrations: { counted: { file: "./counted.ts", description: "counts the words of a message" } },
      }),
      "counted.ts": `import { orchestration, runnable } from "@orch/core";
import type { StateSummaries } from "@orch/chat";
const split = runnable("split", (text: string) => ({ words: text.split(" ") }));
const say = runnable("say", ({ words }: { words: string[] }) => "There are " + words.length + ".");
export const summaries: StateSummaries = {
  split: ({ words }: { words: string[] }) => "from " + words[0] + "\\u001b[2J to " + words.at(-1),
  say: () => { throw new Error("no words"); },
};
export default () => orchestration("counted", (o) => o.start(split).advance(split, say).finish(say));
`,
    };
    await using box = await sandbox(cli.file, files);
    await using app = box.start(["--trust"]);
    await app.until(READY);
    app.type("/orc\r");
    await app.until(/counted +counts the words of a message/);
    app.type("/orc counted\r");
    await app.until("answers from now on");
    app.type("one two three\r");
    await app.until(/● split .*from one.* to three/);
    await app.until(/● say .*There are 3\./);
    expect(app.fullClears()).toBe(0);
  });
});

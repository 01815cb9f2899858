/** A project whose orchestration asks before it acts. */
export const ASKING: Readonly<Record<string, string>> = {
  "orch.config.json": '{ "orchestrations": { "lamp": { "file": "./lamp.js" } } }',
  "lamp.js": `import { orchestration, question, runnable } from "@orch/core";

const answer = {
  "~standard": {
    version: 1,
    vendor: "mine",
    validate: (value) =>
      typeof value === "boolean" ? { value } : { issues: [{ message: "say yes or no" }] },
  },
};
const approve = question("approve", { ask: (text) => \`Light the lamp for \${text}?\`, answer });
const done = runnable("done", (yes) => (yes ? "It burns." : "It stays dark."));
export default orchestration("lamp", (o) => o.start(approve).advance(approve, done).finish(done));
`,
};

/** A schema that tells what it takes. */
const TELLING = `const telling = (schema, fits) => ({ "~standard": { version: 1, vendor: "mine",
  validate: (value) => fits(value) ?? { value }, jsonSchema: { input: () => schema, output: () => schema } } });
`;

/** A project with a form of three fields, three lanes that ask at once, a question whose time ends, and an agent with a tool that needs approval. */
export const FORMS: Readonly<Record<string, string>> = {
  "orch.config.json": JSON.stringify({
    orchestrations: {
      form: { file: "./form.js" },
      lanes: { file: "./lanes.js" },
      tool: { file: "./tool.js" },
      timed: { file: "./timed.js" },
    },
  }),
  "form.js": `import { orchestration, question, runnable } from "@orch/core";
${TELLING}
const answer = telling({ type: "object", required: ["approve", "copies"], properties: {
  approve: { type: "boolean", description: "Whether they may be published" },
  copies: { type: "integer", minimum: 1, maximum: 9 },
  notes: { type: "string" } } }, () => undefined);
const find = runnable("find", () => [1, 2, 3].map((n) => ({ title: "Result " + n, text: "First line\\nsecond line of " + n })));
const approve = question("approve", { ask: "Publish these 3 results?", answer });
const done = runnable("done", (given) => "Given: " + JSON.stringify(given));
export default orchestration("form", (o) =>
  o.start(find).advance(find, approve).advance(approve, done).finish(done));
`,
  "lanes.js": `import { each, orchestration, question, runnable } from "@orch/core";
${TELLING}
const split = runnable("split", (text) => text.split(" "));
const colour = question("colour", { ask: (what) => "Which colour has the " + what + "?",
  answer: telling({ enum: ["red", "green", "blue"] }, () => undefined) });
const colours = each("colours", colour);
const done = runnable("done", (list) => "Painted " + list.join(", ") + ".");
export default orchestration("lanes", (o) =>
  o.start(split).advance(split, colours).advance(colours, done).finish(done));
`,
  "timed.js": `import { orchestration, question, runnable } from "@orch/core";
${TELLING}
const approve = question("approve", { ask: "Name the ship", timeout: 2_000,
  answer: telling({ type: "string" }, () => undefined) });
const done = runnable("done", (given) => "Given: " + given);
const late = runnable("late", () => "Nobody said.");
export default orchestration("timed", (o) =>
  o.start(approve).advance(approve, done).catch(approve, late).finish(done).finish(late));
`,
  "tool.js": `import { appendFileSync } from "node:fs";
import { orchestration } from "@orch/core";
import { agent, agentRunnable, tool } from "@orch/agents";
${TELLING}
const edit = tool({ name: "edit_file", description: "Edits a file.", approve: true,
  input: telling({ type: "object", required: ["path", "old_string", "new_string"], properties: {
    path: { type: "string" }, old_string: { type: "string" }, new_string: { type: "string" } } },
    ({ path }) => typeof path === "string" ? undefined : { issues: [{ message: "Invalid input: expected string, received number", path: ["path"] }] }),
  invoke: ({ path }) => (appendFileSync(new URL("ran", import.meta.url), path + "\\n"), "edited " + path) });
const id = { provider: "mine", model: "script" };
const finish = (content, reason) => ({ type: "finish", usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
  message: { role: "assistant", content, origin: id, finish: { reason } } });
const caps = { generative: true, tools: true, parallelTools: true, output: "none", outputWithTools: true, images: false, files: false, reasoning: false };
const model = { id, caps, async *stream({ messages }) {
  const last = messages.at(-1);
  yield { type: "start" };
  if (last.role === "user") {
    const calls = last.content[0].text.split(" ").map((path, at) => ({ type: "tool-call", id: "c" + at, name: "edit_file",
      rawInput: JSON.stringify({ path, old_string: "one\\ntwo\\nthree", new_string: "one\\n2\\nthree" }) }));
    for (const [index, part] of calls.entries()) yield { type: "part", index, part };
    yield finish(calls, "tool-calls");
    return;
  }
  const text = "Told " + last.content.map(({ output }) => output).join(" / ") + ".";
  yield { type: "text", index: 0, delta: text };
  yield finish([{ type: "text", text }], "stop");
} };
const editor = agentRunnable(agent({ name: "editor", model, tools: [edit] }));
export default orchestration("tool", (o) => o.start(editor).finish(editor));
`,
};

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

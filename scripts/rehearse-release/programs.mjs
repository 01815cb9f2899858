/** What a stranger does with the published packages: small programs, each in an empty folder of its own. */

const core = `import { orchestration, runnable } from "@orch/core";

const name = runnable("name", async (input: string) => input.trim());
const greeting = runnable("greeting", async (who: string) => ({ text: \`Hello, \${who}!\` }));
const greet = orchestration("greet", (o) => o.start(name).advance(name, greeting).finish(greeting));

const answer: { text: string } = await greet.run("  Ada ");
console.log(answer.text);
`;

export const programs = [
  {
    packages: ["@orch/core"],
    // The core has no dependencies, and this is where that is proven.
    installs: ["@orch/core"],
    source: core,
    check: (output) => (output.trim() === "Hello, Ada!" ? undefined : "The core did not greet Ada."),
  },
];

/** Captures panes of the real program for `docs/panes.md`: a run with five lanes, and the view of it, in three windows. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { buildCli } from "../test/support/built-cli.ts";
import { sandbox } from "../test/support/sandbox.ts";

/** A flow without a model: five places are surveyed side by side, one of them in fog, and a person decides. */
const LIGHTHOUSE = `import { each, orchestration, question, runnable, speech } from "@orch/core";

const places = { harbour: 21, cliff: 44, island: 32, reef: 6, bay: 12 };
const answer = { "~standard": { version: 1, vendor: "mine", validate: (value) =>
  typeof value === "boolean" ? { value } : { issues: [{ message: "say yes or no" }] } } };
const nap = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let fog = 1;

const plan = runnable("plan", () => ({ places: Object.keys(places) }));
const survey = runnable({ id: "survey", retry: { attempts: 2, delay: 700 }, invoke: async (place, ctx) => {
  for (const word of \`From the \${place} the light is seen twelve miles out, over the shoals and the fishing grounds.\`.split(" ")) {
    ctx.emit(speech, word + " ");
    await nap(places[place] * 4);
  }
  if (place === "reef" && fog-- > 0) throw new Error("the fog is too thick");
  ctx.spend({ inputTokens: 900 + places[place] * 10, outputTokens: 240, cost: 0.004, model: "keeper/large" });
  return { place, height: places[place], visible: place !== "bay" };
} });
const surveys = each("surveys", survey);
const approve = question("approve", { ask: (found) => \`Build on the \${found[0].place}?\`, answer });
const build = runnable("build", () => "It is built on the cliff, 44 metres above the sea.");
const leave = runnable("leave", () => "Nothing is built.");

export default orchestration("lighthouse", (o) => o
  .start(plan)
  .advance(plan, leave, { label: "no place", when: ({ places }) => places.length === 0 })
  .advance(plan, surveys, { label: "places", convert: ({ places }) => places })
  .advance(surveys, leave, { label: "none visible", when: (found) => !found.some(({ visible }) => visible) })
  .advance(surveys, approve, { label: "highest first", convert: (found) => found.toSorted((a, b) => b.height - a.height) })
  .advance(approve, build, { label: "yes", when: (yes) => yes })
  .advance(approve, leave, { label: "no" })
  .finish(build)
  .finish(leave));
`;
const FILES = {
  "orch.config.json": '{ "orchestrations": { "lighthouse": { "file": "./lighthouse.js" } } }',
  "lighthouse.js": LIGHTHOUSE,
};
const WINDOWS = [
  [100, 30],
  [60, 20],
  [40, 12],
] as const;

/** One picture, and what it shows. */
interface Pane {
  readonly title: string;
  readonly screen: string;
}

const target = fileURLToPath(new URL("../../../docs/panes.md", import.meta.url));
await using cli = await buildCli();
const sections: string[] = [];
for (const [columns, rows] of WINDOWS) {
  const panes = await panesOf(columns, rows);
  const drawn = panes.map(({ title, screen }) => `${title}:\n\n${framed(screen)}`);
  sections.push(`## ${columns} columns, ${rows} rows\n\n${drawn.join("\n\n")}`);
  process.stdout.write(`${columns}x${rows}: ${panes.length} panes\n`);
}
await writeFile(target, page(sections));

async function panesOf(columns: number, rows: number): Promise<readonly Pane[]> {
  await using box = await sandbox(cli.file, {});
  // A home of its own keeps this machine's name out of the panes.
  const folder = join(box.home, "coast");
  await mkdir(folder);
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  await using app = box.start(["--cwd", folder, "--trust", "--orc", "lighthouse"], { columns, rows });
  const panes: Pane[] = [];
  const take = (title: string): void => void panes.push({ title, screen: app.screen() });
  await app.until("Ask, or / for commands");
  app.type("Where shall the lighthouse stand?\r");
  await app.until((it) => it.screen().includes("surveys") && / 1\.\ds/.test(it.screen()));
  take("Five lanes, side by side");
  app.type("\u0007");
  await app.until((it) => it.screen().startsWith(" lighthouse"));
  take("The view of the run while it goes");
  await app.until((it) => it.screen().startsWith(" lighthouse ⏸"));
  app.type("\u001b[H\u001b[B");
  await app.until((it) => it.screen().includes("› ▸ surveys"));
  take("Why it moved");
  app.type("/attempt failed");
  await app.until((it) => it.screen().includes("/attempt failed"));
  app.type("\r\u001b[F\r");
  await app.until((it) => it.screen().includes("Enter") === false && it.screen().includes("scroll"));
  take("One lane in full, found by a word");
  return panes;
}

function framed(screen: string): string {
  return screen
    .split("\n")
    .map((row) => `    ${row}`.trimEnd())
    .join("\n");
}

function page(all: readonly string[]): string {
  const intro = `# Panes of the terminal chat

A run with five lanes, one of which fails once, and a question at its end; and what the [view of the run](chat.md#looking-into-a-run) says of it. \`pnpm --filter @orch/chat panes\` captures
them from the real program on a pseudo-terminal. Colours are left out.`;
  return `${[intro, ...all].join("\n\n")}\n`;
}

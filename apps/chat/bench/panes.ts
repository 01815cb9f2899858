/** Captures panes of the real program for `docs/panes.md`: a run with five lanes, and the view of it, in three windows. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { buildCli } from "../test/support/built-cli.ts";
import { sandbox } from "../test/support/sandbox.ts";
import { LIGHTHOUSE_FILES } from "./lighthouse-files.ts";

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
  for (const [name, text] of Object.entries(LIGHTHOUSE_FILES)) await writeFile(join(folder, name), text);
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

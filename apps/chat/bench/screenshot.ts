/** Draws the pictures of the chat for the README: the real program while lanes run, and the view of the run with its question open. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { IBufferCell, Terminal } from "@xterm/headless";
import { buildCli } from "../test/support/built-cli.ts";
import { sandbox } from "../test/support/sandbox.ts";
import { LIGHTHOUSE_FILES } from "./lighthouse-files.ts";

const COLUMNS = 100;
const ROWS = 18;
const CELL = { width: 8.4, height: 18 };
const MARGIN = { side: 18, top: 44, bottom: 16 };
const BACKGROUND = "#16181d";
const FOREGROUND = "#d7dae0";
/** The sixteen colours that a terminal's theme defines. */
const PALETTE = [
  ...["#3b4048", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d7dae0"],
  ...["#5c6370", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#ffffff"],
];

const repository = fileURLToPath(new URL("../../../", import.meta.url));

await using cli = await buildCli();
await using box = await sandbox(cli.file, {});
// The folder is shown in the picture: a home of its own keeps this machine's name out of it.
const folder = join(box.home, "coast");
await mkdir(folder);
for (const [name, text] of Object.entries(LIGHTHOUSE_FILES)) await writeFile(join(folder, name), text);
await using app = box.start(["--cwd", folder, "--trust", "--orc", "lighthouse"], {
  columns: COLUMNS,
  rows: ROWS,
});
await app.until("Ask, or / for commands");
app.type("Where shall the lighthouse stand?\r");
await app.until((it) => it.screen().includes("surveys") && / 1\.\ds/.test(it.screen()));
await draw("chat.svg", "five lanes of a run side by side in orch, with what each says");
app.type("\u0007");
await app.until((it) => it.screen().startsWith(" lighthouse ⏸"));
app.type("\u001b[H\u001b[B");
await app.until((it) => it.screen().includes("› ▸ surveys"));
await draw(
  "run-view.svg",
  "the view of a run in orch: its timeline, and why it moved from one state to the next",
);

async function draw(name: string, label: string): Promise<void> {
  await mkdir(join(repository, "docs/images"), { recursive: true });
  await writeFile(join(repository, "docs/images", name), svg(app.terminal, label));
  process.stdout.write(`docs/images/${name}\n${app.screen()}\n`);
}

function svg(terminal: Terminal, label: string): string {
  const { active } = terminal.buffer;
  const rows: string[] = [];
  let last = 0;
  for (let at = 0; at < terminal.rows; at++) {
    const line = active.getLine(active.baseY + at);
    if (line === undefined) continue;
    const pieces: string[] = [];
    let text = "";
    let start = 0;
    let style = "";
    const end = (): void => {
      if (text.trim() !== "") pieces.push(piece(text, start, style));
      text = "";
    };
    for (let column = 0; column < terminal.cols; column++) {
      const cell = line.getCell(column);
      if (cell === undefined || cell.getWidth() === 0) continue;
      const next = styleOf(cell);
      if (next !== style || text === "") {
        end();
        start = column;
        style = next;
      }
      text += cell.getChars() || " ";
    }
    end();
    if (pieces.length === 0) continue;
    last = at;
    const y = MARGIN.top + at * CELL.height + 13;
    rows.push(`<text y="${y}" xml:space="preserve">${pieces.join("")}</text>`);
  }
  const width = Math.round(MARGIN.side * 2 + terminal.cols * CELL.width);
  const height = MARGIN.top + (last + 1) * CELL.height + MARGIN.bottom;
  const lights = ["#e06c75", "#e5c07b", "#98c379"]
    .map((colour, at) => `<circle cx="${22 + at * 18}" cy="20" r="5.5" fill="${colour}"/>`)
    .join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">
<rect width="${width}" height="${height}" rx="9" fill="${BACKGROUND}"/>
${lights}
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${FOREGROUND}">
${rows.join("\n")}
</g>
</svg>
`;
}

/** The width is fixed, so that another font does not move what stands in columns. */
function piece(text: string, column: number, style: string): string {
  const shown = text.trimEnd();
  const lead = shown.length - shown.trimStart().length;
  const body = shown.trimStart();
  const x = (MARGIN.side + (column + lead) * CELL.width).toFixed(1);
  const width = ([...body].length * CELL.width).toFixed(1);
  return `<tspan x="${x}" textLength="${width}" lengthAdjust="spacingAndGlyphs"${style}>${escapeXml(body)}</tspan>`;
}

function styleOf(cell: IBufferCell): string {
  const colour = cell.isFgPalette() ? PALETTE[cell.getFgColor()] : undefined;
  return [
    colour === undefined ? "" : ` fill="${colour}"`,
    cell.isBold() ? ' font-weight="600"' : "",
    cell.isItalic() ? ' font-style="italic"' : "",
    cell.isUnderline() ? ' text-decoration="underline"' : "",
    cell.isDim() ? ' fill-opacity="0.6"' : "",
  ].join("");
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

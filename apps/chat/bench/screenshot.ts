/** Draws the picture of the chat for the README: the real program answers from this repository's documents. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { IBufferCell, Terminal } from "@xterm/headless";
import { buildCli } from "../test/support/built-cli.ts";
import { sandbox } from "../test/support/sandbox.ts";

const QUESTION = process.argv[2] ?? "How do I retry a state that failed?";
const COLUMNS = 96;
const ROWS = 44;
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
const target = join(repository, "docs/images/chat.svg");

await using cli = await buildCli();
await using box = await sandbox(cli.file, {});
// The folder is shown in the picture: a home of its own keeps this machine's name out of it.
const folder = join(box.home, "orch");
await mkdir(folder);
await cp(join(repository, "docs"), join(folder, "docs"), {
  recursive: true,
  filter: (path) => !["images", "api"].includes(basename(path)),
});
await using app = box.start(["--cwd", folder, "--model", "local/extractive", "--orc", "research"], {
  columns: COLUMNS,
  rows: ROWS,
});
await app.until("Ask, or / for commands");
app.type(`${QUESTION}\r`);
await app.until("● present");
await app.until((it) => it.screen().includes("│ / commands"));
await mkdir(join(repository, "docs/images"), { recursive: true });
await writeFile(target, svg(app.terminal));
process.stdout.write(`docs/images/chat.svg\n${app.screen()}\n`);

function svg(terminal: Terminal): string {
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
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="orch answers a question from the files of a folder, with citations">
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

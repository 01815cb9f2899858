/** What the terminal can do. */
import type { Doors } from "../process/doors.ts";
import { clipboard } from "../terminal/clipboard.ts";
import { safe } from "../terminal/safe-text.ts";
import { createTheme } from "../terminal/theme.ts";
import { type Diagnosis, fine, note } from "./diagnosis.ts";

/** How long a terminal may think about an answer, in milliseconds. */
const PATIENCE = 300;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal sends.
const ANSWERS = /\u001b\[\?[0-9;]*[uc]/g;

/** The facts of a terminal that its streams and the environment tell. */
export interface TerminalFacts {
  readonly env: Doors["env"];
  readonly input: boolean;
  readonly output: boolean;
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  /** Whether it tells keys apart by the kitty protocol; `undefined` where it was not asked. */
  readonly kitty: boolean | undefined;
}

/** Reads the facts; a terminal is asked about its keyboard, and left as it was. */
export async function terminalFacts({ env, stdin, stdout, clock, onHangup }: Doors): Promise<TerminalFacts> {
  const [input, output] = [stdin.isTTY === true, stdout.isTTY === true];
  const asks = input && output && env["TERM"] !== "dumb";
  const kitty = asks ? await speaksKitty({ stdin, stdout, clock, onHangup }) : undefined;
  return { env, input, output, columns: stdout.columns, rows: stdout.rows, kitty };
}

/** Lines about them. */
export function terminalFindings(facts: TerminalFacts): readonly Diagnosis[] {
  const { env, input, output, columns, rows, kitty } = facts;
  const term = env["TERM"] || "unknown";
  const told = { term, input, output, columns, rows };
  if (!input || !output) {
    const streams = input ? "The output is" : output ? "The input is" : "Input and output are";
    return [note("terminal", `${streams} no terminal, so its abilities are unknown.`, undefined, told)];
  }
  const { colours, glyphs } = createTheme({ env });
  const unicode = glyphs.done !== "*";
  const size = columns && rows ? `${columns} x ${rows}` : "of unknown size";
  const signs = `${coloursOf(colours, env)}, ${unicode ? "Unicode" : "ASCII"} signs`;
  const all = { ...told, colours, unicode, kittyKeyboard: kitty === true };
  const first = fine("terminal", `${term}, ${size}, ${signs}.`, all);
  if (term === "dumb")
    return [
      first,
      note("terminal", "TERM is dumb, so the chat only appends lines.", "Set TERM to what it is."),
    ];
  const found: Diagnosis[] = [first, keyboardFinding(kitty), clipboardFinding(env)];
  if ((columns ?? 80) < 24 || (rows ?? 24) < 8)
    found.push(
      note("terminal", "The window is too small for more than the input.", "Make it 24 x 8 or larger."),
    );
  const inside = env["TMUX"] !== undefined ? "tmux" : env["STY"] !== undefined ? "screen" : undefined;
  return inside === undefined ? found : [...found, note("multiplexer", `Inside ${inside}.`)];
}

function keyboardFinding(kitty: boolean | undefined): Diagnosis {
  return kitty === true
    ? fine("keyboard", "The terminal tells keys apart (kitty protocol): Shift+Enter begins a new line.")
    : note("keyboard", "The terminal does not tell Shift+Enter from Enter.", "Ctrl+J begins a new line.");
}

function clipboardFinding(env: Doors["env"]): Diagnosis {
  const { sequence, note: says } = clipboard(safe`x`, env);
  if (sequence === undefined) return note("clipboard", `${says}.`, "/export writes a file instead.");
  return fine("clipboard", `/copy writes to the terminal's clipboard (OSC 52). ${says}.`);
}

function coloursOf(colours: boolean, env: Doors["env"]): string {
  if (!colours) return env["NO_COLOR"] ? "no colours (NO_COLOR)" : "no colours";
  return /truecolor|24bit/.test(env["COLORTERM"] ?? "") ? "colours (16 of them are used)" : "16 colours";
}

/** Asks for the keyboard's modes, and for what every terminal answers, so that nobody waits for long. */
async function speaksKitty({
  stdin,
  stdout,
  clock,
  onHangup,
}: Pick<Doors, "stdin" | "stdout" | "clock" | "onHangup">): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let heard = "";
  const hear = (chunk: Buffer): void => {
    heard += chunk.toString("latin1");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what a terminal sends.
    if (/\u001b\[\?[0-9;]*c/.test(heard)) resolve();
  };
  const cooked = stdin.isRaw !== true;
  const stopHearing = onHangup(resolve);
  stdin.setRawMode(true);
  stdin.on("data", hear);
  stdin.resume();
  stdout.write("\u001b[?u\u001b[c");
  const cancel = clock.after(PATIENCE, resolve);
  await promise;
  cancel();
  stopHearing();
  stdin.off("data", hear);
  stdin.pause();
  if (cooked) stdin.setRawMode(false);
  const typed = heard.replace(ANSWERS, "");
  if (typed !== "") stdin.unshift(Buffer.from(typed, "latin1"));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what a terminal sends.
  return /\u001b\[\?[0-9;]*u/.test(heard);
}

/** Runs a program on a pseudo-terminal and reads its screen as a terminal would draw it. */
import { spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { childEnvironment } from "../../../../scripts/child-environment.ts";
import { whenStill } from "../../../../scripts/when-still.ts";
import { type OnTerminal, startInside } from "./inside-program.ts";

/** What a program is run with. */
export interface TerminalOptions {
  /** What Node runs. */
  readonly file: string;
  /** Runs in place of Node, like a shell; it gets the arguments without the file. */
  readonly program?: string;
  readonly args?: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly columns?: number;
  readonly rows?: number;
  /** Runs the program inside this process. */
  readonly inside?: boolean;
}

/** What an attacker would like the terminal to do. */
export type Fired = "clipboard" | "title" | "link" | "device";

/** What wipes the screen or the scrollback. */
const CLEARS = [
  "\u001b[2J",
  "\u001b[3J",
  "\u001b[1;1H\u001b[J",
  "\u001b[H\u001b[J",
  "\u001b[H\r\u001b[K \u001b[J",
];

/** A program on a terminal. */
export class TerminalApp implements AsyncDisposable {
  readonly #terminal: xterm.Terminal;
  readonly #pty: OnTerminal;
  readonly #waiting = new Set<() => void>();
  readonly fired: Fired[] = [];
  /** Everything the program wrote. */
  raw = "";
  bytes = 0;
  readonly ended: Promise<{ readonly code: number; readonly signal: number | undefined }>;
  #over = false;
  /** Whether it is over, and all that it wrote is on the screen. */
  #shownAll = false;
  /** Whether a frame has begun that is not whole: a terminal shows none of it until it is (synchronized output, mode 2026). */
  #isWithinFrame = false;
  readonly #inside: boolean;

  constructor(options: TerminalOptions) {
    this.#inside = options.inside === true;
    const { columns = 100, rows = 30 } = options;
    this.#terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 20_000, allowProposedApi: true });
    for (const [code, name] of [
      [52, "clipboard"],
      [0, "title"],
      [2, "title"],
      [8, "link"],
      [9, "device"],
      [1337, "device"],
    ] as const)
      this.#terminal.parser.registerOscHandler(code, () => {
        this.fired.push(name);
        return true;
      });
    for (const final of ["h", "l"])
      this.#terminal.parser.registerCsiHandler({ prefix: "?", final }, (modes) => {
        if (modes.includes(2026)) this.#isWithinFrame = final === "h";
        return false;
      });
    this.#pty = started(options, columns, rows);
    this.#terminal.onData((data) => this.#write(data));
    this.#pty.onData((data) => {
      this.raw += data;
      this.bytes += Buffer.byteLength(data);
      this.#terminal.write(data, () => this.#wake());
    });
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.#over = true;
        this.#terminal.write("", () => {
          this.#shownAll = true;
          this.#wake();
          resolve({ code: exitCode, signal });
        });
      });
    });
  }

  get pid(): number {
    this.#needsProcess("its pid");
    return this.#pty.pid;
  }

  /** Sends keys as a terminal does. */
  type(keys: string): void {
    this.#write(keys);
  }

  /** Sends text as a bracketed paste. */
  paste(text: string): void {
    this.#write(`\u001b[200~${text}\u001b[201~`);
  }

  /** The visible rows, without the spaces at their ends. */
  screen(): string {
    const { buffer, rows } = this.#terminal;
    return this.#rowsFrom(buffer.active.baseY, rows);
  }

  /** Every row there is, with what scrolled away. */
  scrollback(): string {
    return this.#rowsFrom(0, this.#terminal.buffer.active.length);
  }

  /** The same as paragraphs: rows that the terminal broke are whole again. */
  unbroken(): string {
    const { active } = this.#terminal.buffer;
    let text = "";
    for (let at = 0; at < active.length; at++) {
      const line = active.getLine(at);
      if (at > 0 && line?.isWrapped !== true) text = `${text.trimEnd()}\n`;
      text += line?.translateToString(false) ?? "";
    }
    return text.trimEnd();
  }

  /** Where the cursor stands on the screen, from 0. */
  cursor(): { readonly x: number; readonly y: number } {
    const { cursorX: x, cursorY: y } = this.#terminal.buffer.active;
    return { x, y };
  }

  get terminal(): xterm.Terminal {
    return this.#terminal;
  }

  /**
   * Resolves as soon as something is on the screen or in the scrollback, in a frame that is whole, however slow the
   * machine is. Fails when the program ends or does nothing any more, with the screen in its message.
   */
  async until(wanted: string | RegExp | ((app: this) => boolean)): Promise<void> {
    const holds = (): boolean => {
      if (this.#isWithinFrame && !this.#shownAll) return false;
      if (typeof wanted === "function") return wanted(this);
      const text = this.scrollback();
      return typeof wanted === "string" ? text.includes(wanted) : wanted.test(text);
    };
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const fail = (what: string): void => {
        this.#waiting.delete(check);
        reject(new Error(`The program ${what} before ${wanted}\n--- screen\n${this.screen()}\n---`));
      };
      const end = whenStill(
        this.#pty.pid,
        () => this.#shown(),
        () => fail("did nothing any more"),
      );
      const check = (): void => {
        if (!holds()) {
          if (!this.#shownAll) return;
          end();
          fail("ended");
          return;
        }
        end();
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
    });
  }

  /** Resizes the window, once everything that was written is on the screen. */
  async resize(columns: number, rows: number): Promise<void> {
    await new Promise<void>((done) => this.#terminal.write("", done));
    this.#terminal.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  signal(name: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGKILL"): void {
    if (name === "SIGKILL") this.#needsProcess(name);
    this.#pty.kill(name);
  }

  /** Closes the terminal under the program, like a window that is closed or a connection that breaks. */
  hangUp(): void {
    this.#needsProcess("a hangup");
    (this.#pty as OnTerminal & { readonly destroy: () => void }).destroy();
  }

  /** Sequences that clear what the user may be reading. */
  fullClears(): number {
    return CLEARS.reduce((sum, clear) => sum + this.raw.split(clear).length - 1, 0);
  }

  /** How often a text stands in the whole buffer. */
  count(text: string): number {
    return this.scrollback().split(text).length - 1;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#over) this.#pty.kill("SIGKILL");
    await this.ended;
    this.#terminal.dispose();
  }

  #needsProcess(what: string): void {
    if (this.#inside)
      throw new Error(`Start the program with { asProcess: true }: ${what} is a matter of processes`);
  }

  /** What is drawn, without the digits of clocks, which go on while a program only waits. */
  #shown(): string {
    return `${this.#terminal.buffer.active.length}${this.screen().replaceAll(/\d+/g, "")}`;
  }

  #write(data: string): void {
    if (!this.#over) this.#pty.write(data);
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check();
  }

  #rowsFrom(first: number, count: number): string {
    const { active } = this.#terminal.buffer;
    const rows: string[] = [];
    for (let at = first; at < first + count; at++)
      rows.push(active.getLine(at)?.translateToString(true).trimEnd() ?? "");
    return rows.join("\n").trimEnd();
  }
}

/** Starts the program, as a process or inside this one. */
function started(options: TerminalOptions, columns: number, rows: number): OnTerminal {
  const args = options.args ?? [];
  const env = childEnv(options.env ?? {});
  const { cwd } = options;
  if (options.inside === true) return startInside(options.file, { columns, rows }, { args, cwd, env });
  const [program, all] =
    options.program === undefined ? [process.execPath, [options.file, ...args]] : [options.program, args];
  return spawn(program, [...all], { name: env["TERM"]!, cols: columns, rows, cwd, env });
}

/** The environment of every program that a test starts, on a terminal. */
function childEnv(extra: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const env: Record<string, string> = {};
  // No test asks a registry, unless it brings its own.
  const quiet = { TERM: "xterm-256color", LANG: "C.UTF-8", NO_UPDATE_NOTIFIER: "1" };
  for (const [name, value] of Object.entries({ ...childEnvironment(), ...quiet, ...extra }))
    if (value !== undefined) env[name] = value;
  return env;
}

/** Lines that are typed on a terminal without being seen. */

const INTERRUPT = "\u0003";

/** Switches off the terminal's echo, and with it its editing of the line, which is done here then. */
export class HiddenInput {
  readonly #stdin: NodeJS.ReadStream;
  readonly #interrupt: (chunk: Buffer) => void;
  #isHidden = false;

  /** `interrupt`: Ctrl-C was pressed, which is no signal while nothing is seen. */
  constructor(stdin: NodeJS.ReadStream, interrupt: () => void) {
    this.#stdin = stdin;
    this.#interrupt = (chunk) => {
      if (chunk.includes(INTERRUPT)) interrupt();
    };
  }

  /** Hides what is typed from now on, or shows it again. */
  hide(hidden: boolean): void {
    if (hidden === this.#isHidden) return;
    this.#isHidden = hidden;
    this.#stdin.setRawMode?.(hidden);
    if (hidden) this.#stdin.on("data", this.#interrupt);
    else this.#stdin.off("data", this.#interrupt);
  }

  /** The line as it was meant: after the last Ctrl-C, and without what Backspace and Ctrl-U took back. */
  typed(line: string): string {
    if (!this.#isHidden) return line.slice(line.lastIndexOf(INTERRUPT) + 1);
    let text = "";
    for (const character of line.slice(line.lastIndexOf(INTERRUPT) + 1)) {
      if (character === "\u007f" || character === "\b") text = [...text].slice(0, -1).join("");
      else if (character === "\u0015") text = "";
      else text += character;
    }
    return text;
  }
}

/**
 * How frames reach the terminal. A terminal whose window gets lower drops the rows below the cursor, and the program hears
 * of it later. Ink goes down to the last row of its frame before it goes up to erase it; where rows are gone that ends too
 * high, and the rows above the frame are overwritten. Here each frame begins with a way up from the cursor alone, and is
 * written whole, with line feeds that make room at the end of the window.
 */

const ESC = "\u001b";
const HIDE = `${ESC}[?25l`;
const LINE = `${ESC}[2K`;
const UP = `${ESC}[1A`;
const LEFT = `${ESC}[G`;
const FIRST = `${ESC}[1G`;

/** The standard output with Ink's frames in that form. */
export function frameStream(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  const write = (chunk: unknown, ...rest: unknown[]): boolean =>
    Reflect.apply(stdout.write, stdout, [typeof chunk === "string" ? steady(chunk) : chunk, ...rest]);
  return new Proxy(stdout, {
    get: (target, name) => {
      if (name === "write") return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** A frame or a move of the cursor without a way down at its beginning; anything else as it is. */
export function steady(chunk: string): string {
  const hides = chunk.startsWith(HIDE);
  let at = hides ? HIDE.length : 0;
  const down = moveAt(chunk, at, "B");
  at = down.end;
  if (hides && chunk.startsWith(FIRST, at)) at += FIRST.length;
  else if (down.rows > 0) return chunk;
  const rows = erasedAt(chunk, at);
  if (rows.count > 0) {
    // The tail places the cursor; what is left of the frame before goes before that.
    const { text, tail } = parted(chunk.slice(rows.end));
    const body = text.replaceAll("\n", `${ESC}[K\n`);
    return `${hides ? HIDE : ""}${upBy(rows.count - 1 - down.rows)}${LEFT}${body}${ESC}[J${tail}`;
  }
  if (!hides || down.rows === 0) return chunk;
  const up = moveAt(chunk, at, "A");
  return `${HIDE}${upBy(up.rows - down.rows)}${LEFT}${chunk.slice(up.end)}`;
}

function upBy(rows: number): string {
  return rows === 0 ? "" : rows > 0 ? `${ESC}[${rows}A` : `${ESC}[${-rows}B`;
}

/** The rows that a sequence moves by; none where it is no such sequence. */
function moveAt(
  chunk: string,
  at: number,
  final: "A" | "B",
): { readonly rows: number; readonly end: number } {
  const end = chunk.startsWith(`${ESC}[`, at) ? chunk.indexOf(final, at + 2) : -1;
  const digits = end < 0 ? "" : chunk.slice(at + 2, end);
  return /^\d{1,4}$/.test(digits) ? { rows: Number(digits), end: end + 1 } : { rows: 0, end: at };
}

/** The rows that are erased one by one, upwards. */
function erasedAt(chunk: string, from: number): { readonly count: number; readonly end: number } {
  let at = from;
  let count = 0;
  while (chunk.startsWith(LINE, at)) {
    at += LINE.length;
    count++;
    if (chunk.startsWith(UP, at)) at += UP.length;
  }
  return { count, end: count > 0 && chunk.startsWith(LEFT, at) ? at + LEFT.length : at };
}

/** A frame ends with a line feed; what follows moves the cursor only. */
function parted(frame: string): { readonly text: string; readonly tail: string } {
  const end = frame.lastIndexOf("\n") + 1;
  return { text: frame.slice(0, end), tail: frame.slice(end) };
}

/**
 * What Ink writes to, instead of the terminal. Ink places each frame by the size that it last heard of; here the frame is
 * read out of what it writes, and whoever owns the live region places it.
 */
import type { LiveFrame } from "./live-region.ts";

/** Told what Ink wants on the screen. */
export interface InkScreen {
  /** The live region looks like that from now on. */
  readonly frame: (frame: LiveFrame) => void;
  /** The live region goes from the screen. */
  readonly erase: () => void;
  /** Modes of the terminal, which move nothing. */
  readonly pass: (text: string) => void;
}

/** Ink never fills the window, so it needs not know how high it is. */
const ROWS = 10_000;

/** A stream for Ink that hands on the frames, and tells of no resize: whoever draws hears of that by itself. */
export function inkStream(stdout: NodeJS.WriteStream, listener: InkScreen): NodeJS.WriteStream {
  let rows: readonly string[] = [];
  const write = (chunk: unknown, ...rest: unknown[]): boolean => {
    const piece = typeof chunk === "string" ? readInk(chunk, rows) : undefined;
    if (piece?.type === "frame") {
      rows = piece.frame.rows;
      listener.frame(piece.frame);
    } else if (piece?.type === "erase") listener.erase();
    else if (piece?.type === "pass") listener.pass(piece.text);
    // Ink waits until everything before is written.
    return Reflect.apply(stdout.write, stdout, ["", ...rest]);
  };
  const hear = (target: NodeJS.WriteStream, name: "on" | "off") => {
    return (event: string, fire: (...args: unknown[]) => void) => {
      if (event !== "resize") target[name](event, fire);
      return stream;
    };
  };
  const stream: NodeJS.WriteStream = new Proxy(stdout, {
    get: (target, name) => {
      if (name === "write") return write;
      if (name === "rows") return ROWS;
      if (name === "on" || name === "off") return hear(target, name);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return stream;
}

/** One thing that Ink writes. */
export type InkPiece =
  | { readonly type: "frame"; readonly frame: LiveFrame }
  | { readonly type: "erase" }
  | { readonly type: "pass"; readonly text: string }
  | { readonly type: "nothing" };

const ESC = "\\u001b\\[";
/** The way back to the beginning of the last frame, erasing it or not. */
const BACK = new RegExp(`^(?:${ESC}(?:\\?25l|\\d*[ABGJ]|2K|\\d+;\\d+H))*`);
/** From the row after the frame to the cursor. */
const CURSOR = new RegExp(`(?:${ESC}(\\d+)A)?${ESC}(\\d+)G${ESC}\\?25h$`);
const MODES = new RegExp(`^(?:${ESC}[<>=?][0-9;]*[a-z])+$`);
const SYNCHRONIZED = new RegExp(`^${ESC}\\?2026[hl]$`);

/** Reads one write of Ink; `before` are the rows of the frame that stands. */
export function readInk(chunk: string, before: readonly string[]): InkPiece {
  if (SYNCHRONIZED.test(chunk) || chunk === "") return { type: "nothing" };
  if (MODES.test(chunk)) return { type: "pass", text: chunk };
  const cursor = CURSOR.exec(chunk);
  const body = cursor === null ? chunk : chunk.slice(0, cursor.index);
  const back = BACK.exec(body)?.[0] ?? "";
  const text = body.slice(back.length);
  if (text === "" && cursor === null) return /[JK]/.test(back) ? { type: "erase" } : { type: "nothing" };
  const rows = text === "" ? before : text.replace(/\n$/, "").split("\n");
  if (cursor === null) return { type: "frame", frame: { rows } };
  const y = rows.length - Number(cursor[1] ?? 0);
  return { type: "frame", frame: { rows, cursor: { x: Number(cursor[2]) - 1, y } } };
}

/** The keyboard between the start of the process and the first paint: what is typed by then is kept for the screen. */
import { HANGUP_CODE, isHangup } from "./hangup.ts";
import { hasScreenReader, SCREEN_READER_OPTION } from "./screen-reader.ts";

/** What was typed before anything could read it. */
export interface EarlyKeys {
  /** Hands what was typed to the next reader of standard input. The terminal keeps its modes. */
  readonly handOver: () => void;
  /** Does the same, and gives the terminal its modes back. Nothing happens when the keys were handed over. */
  readonly release: () => void;
  /** Gives the terminal its modes back after the keys were handed over, where no screen came of it. */
  readonly giveBack: () => void;
}

const INTERRUPT = 0x03;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** With one of these, or on a terminal that can only append, nothing draws a screen. */
const WITHOUT_SCREEN = new Set(["-p", "--print", SCREEN_READER_OPTION]);
/** Nothing was typed, and no modes were set. */
export const NO_KEYS: EarlyKeys = {
  handOver: () => undefined,
  release: () => undefined,
  giveBack: () => undefined,
};

/**
 * Sets raw mode and bracketed paste, and keeps what is typed. Until a terminal is in raw mode it echoes keys, holds them
 * back until Enter, and makes a line feed of Enter; the program needs a quarter of a second before it can paint.
 */
export function takeKeys(
  args: readonly string[],
  process: Pick<NodeJS.Process, "stdin" | "stdout" | "env" | "pid" | "kill" | "exit">,
): EarlyKeys {
  const { stdin, stdout, env } = process;
  const drawn = stdin.isTTY && stdout.isTTY && env["TERM"] !== "dumb" && !hasScreenReader(env);
  if (!drawn || args.some((arg) => WITHOUT_SCREEN.has(arg))) return NO_KEYS;
  const chunks: Buffer[] = [];
  let open = true;
  const keep = (chunk: Buffer): void => {
    // In raw mode the terminal sends no signal, and a configuration that hangs must not hold the user.
    if (chunk.includes(INTERRUPT)) {
      release();
      process.kill(process.pid, "SIGINT");
    }
    chunks.push(chunk);
  };
  const close = (enter: number): void => {
    open = false;
    stdin.off("data", keep);
    stdin.pause();
    const typed = Buffer.concat(chunks).map((byte) =>
      byte === LINE_FEED || byte === CARRIAGE_RETURN ? enter : byte,
    );
    if (typed.length > 0) stdin.unshift(typed);
  };
  const giveBack = (): void => {
    stdout.write("\u001b[?2004l");
    stdin.setRawMode(false);
  };
  const release = (): void => {
    if (!open) return;
    close(LINE_FEED);
    giveBack();
  };
  // Nobody else hears yet that the terminal is gone, and there is nothing to keep. Whoever reads later hears of it by
  // `onHangup`; an error of the keyboard ends nothing by itself from now on.
  const gone = (): void => {
    if (open) process.exit(HANGUP_CODE);
  };
  stdin.on("end", gone);
  stdin.on("error", (error) => {
    if (isHangup(error)) gone();
  });
  stdin.setRawMode(true);
  stdout.write("\u001b[?2004h");
  stdin.on("data", keep);
  return {
    // What came before raw mode was set has a line feed for Enter.
    handOver: () => {
      if (open) close(CARRIAGE_RETURN);
    },
    release,
    giveBack,
  };
}

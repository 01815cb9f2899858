/** Asks on the terminal whether a folder is trusted, before anything of it runs. */
import type { Doors, StopSignal } from "../process/doors.ts";
import type { SafeText } from "../terminal/safe-text.ts";
import { ESC_WAIT, type TrustKey, TrustKeys } from "./trust-keys.ts";

/** How the question ended. `interrupt` and a signal leave the program, and so does the end of the input. */
export type TrustVerdict = "yes" | "no" | "interrupt" | "end" | StopSignal;

/** What is drawn for the question. */
export interface TrustDrawing {
  /** The row with the keys, for a window of so many columns. */
  readonly hint: (columns: number) => SafeText;
  /** Writes the files that are asked about. */
  readonly view: () => Promise<void>;
}

type AskDoors = Pick<Doors, "stdin" | "stdout" | "clock" | "job" | "onSignal" | "onHangup" | "keys">;

/** A signal to stop is not carried out where nobody could let the process go on. In milliseconds. */
const UNSTOPPED = 250;

/**
 * Waits for the answer on a screen. What was typed before the keys were offered is kept for the chat, which reads it
 * next; whatever the answer, the terminal stays in the modes that the chat needs.
 */
export async function askTrust(drawing: TrustDrawing, doors: AskDoors): Promise<TrustVerdict> {
  const { stdin, stdout, job, clock } = doors;
  doors.keys.handOver();
  stdin.setRawMode?.(true);
  const { promise, resolve } = Promise.withResolvers<TrustVerdict>();
  const row = new KeyRow(drawing, doors);
  let waiting: (() => void) | undefined;
  const hear = (chunk: Buffer): void => {
    const key = row.take(chunk);
    waiting?.();
    waiting = row.keys.isOpen
      ? clock.after(ESC_WAIT, () => {
          const alone = row.keys.alone(clock.now());
          if (alone === "no") resolve(alone);
        })
      : undefined;
    if (key === "suspend") {
      stdin.setRawMode?.(false);
      job.stop();
      // Where nobody stops it, it goes on by itself; after a stop the timer fires when it goes on.
      clock.after(UNSTOPPED, () => stdin.setRawMode?.(true));
    } else if (key !== undefined) resolve(key);
  };
  const offs = [
    () => waiting?.(),
    ...onStop(doors, resolve),
    job.onContinue(() => {
      stdin.setRawMode?.(true);
      row.redraw();
    }),
  ];
  stdin.on("data", hear);
  stdin.resume();
  stdout.on("resize", row.redraw);
  row.offer();
  const verdict = await promise;
  for (const off of offs) off();
  stdin.off("data", hear);
  stdout.off("resize", row.redraw);
  row.close();
  stdin.pause();
  const early = Buffer.concat(row.early);
  if (early.length > 0 && (verdict === "yes" || verdict === "no")) stdin.unshift(early);
  return verdict;
}

/** The row that offers the keys, from the moment on at which they count. */
class KeyRow {
  /** What was typed before. */
  readonly early: Buffer[] = [];
  readonly #drawing: TrustDrawing;
  readonly #stdout: AskDoors["stdout"];
  readonly #clock: AskDoors["clock"];
  readonly keys: TrustKeys;
  #offered = false;
  /** Whether the row stands on the screen. */
  #shown = false;
  #timer: (() => void) | undefined;

  constructor(drawing: TrustDrawing, { stdout, clock }: AskDoors) {
    this.#drawing = drawing;
    this.#stdout = stdout;
    this.#clock = clock;
    this.keys = new TrustKeys(clock.now());
  }

  take(chunk: Buffer): Exclude<TrustKey, "view"> | undefined {
    if (!this.#offered) this.early.push(chunk);
    const key = this.keys.take(chunk.toString("utf8"), this.#clock.now());
    if (key !== "view") return key;
    void this.#view();
    return undefined;
  }

  offer(): void {
    const { ready } = this.keys;
    this.#timer?.();
    this.#timer = this.#clock.after(Math.max(0, ready - this.#clock.now()), () => {
      if (this.#clock.now() < this.keys.ready) return this.offer();
      this.#offered = true;
      this.#draw();
    });
  }

  readonly redraw = (): void => {
    if (this.#shown) this.#draw();
  };

  close(): void {
    this.#timer?.();
    this.#erase();
  }

  async #view(): Promise<void> {
    this.#erase();
    await this.#drawing.view();
    this.keys.again(this.#clock.now());
    this.offer();
  }

  #draw(): void {
    this.#erase();
    // The cursor stays at the start of the row, where it is whatever a narrower window does to what follows.
    this.#stdout.write(`${this.#drawing.hint(columnsOf(this.#stdout))}\r`);
    this.#shown = true;
  }

  #erase(): void {
    if (this.#shown) this.#stdout.write("\r\u001b[J");
    this.#shown = false;
  }
}

function onStop({ onSignal, onHangup }: AskDoors, stop: (name: StopSignal) => void): readonly (() => void)[] {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  return [...signals.map((name) => onSignal(name, () => stop(name))), onHangup(() => stop("SIGHUP"))];
}

/** Waits for a line on a terminal that can only append. What follows the line is left for the chat. */
export async function askTrustPlainly(drawing: TrustDrawing, doors: AskDoors): Promise<TrustVerdict> {
  const { stdin, stdout } = doors;
  const { promise, resolve } = Promise.withResolvers<TrustVerdict>();
  let rest = Buffer.alloc(0);
  const offer = (): void => void stdout.write(`${drawing.hint(columnsOf(stdout))}\n`);
  const answer = async (line: string): Promise<boolean> => {
    const word = line.trim().toLowerCase();
    if (word === "y" || word === "yes") resolve("yes");
    else if (word === "n" || word === "no") resolve("no");
    else {
      if (word === "v" || word === "view") await drawing.view();
      offer();
      return false;
    }
    return true;
  };
  let answered = false;
  let turn = Promise.resolve();
  const hear = (chunk: Buffer): void => {
    rest = Buffer.concat([rest, chunk]);
    turn = turn.then(async () => {
      for (let cut = rest.indexOf(10); cut >= 0 && !answered; cut = rest.indexOf(10)) {
        const line = rest.subarray(0, cut).toString("utf8");
        rest = rest.subarray(cut + 1);
        answered = await answer(line);
      }
    });
  };
  const end = (): void => resolve("end");
  const offs = onStop(doors, resolve);
  stdin.on("data", hear);
  stdin.once("end", end);
  stdin.resume();
  offer();
  const verdict = await promise;
  for (const off of offs) off();
  stdin.off("data", hear);
  stdin.off("end", end);
  stdin.pause();
  if (rest.length > 0) stdin.unshift(rest);
  return verdict;
}

function columnsOf({ columns }: NodeJS.WriteStream): number {
  return columns || 80;
}

/** Measures one case of several programs side by side, in turns so short that the machine is the same for all. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quietly } from "../apart.ts";
import { best } from "../statistics.ts";
import type { Told } from "./runner.ts";
import type { Tree } from "./tree.ts";

/** One of those that are measured: a subject of the benchmark, as it is in a tree. */
export interface Side {
  readonly tree: Tree;
  readonly subject: string;
}

/** A side whose program failed. */
export class SideError extends TypeError {
  readonly side: Side;

  constructor(side: Side, complaint: string) {
    super(`${side.subject} of ${side.tree.title} failed: ${complaint}`);
    this.side = side;
  }
}

/** How long to measure. */
export interface Effort {
  /** Processes of each side, one after another: how well one is compiled differs from process to process. */
  readonly generations: number;
  /** Stretches of each process. */
  readonly rounds: number;
  /** Processor time of one, in milliseconds. Default 30. */
  readonly stretch?: number;
}

/** What a run of each side costs, in milliseconds of processor time. */
export interface SideBySide {
  /** The least that was measured, for each side in its order. */
  readonly least: readonly number[];
  /** The same for each generation: what ran at the same time can be compared, whatever the machine did before and after. */
  readonly generations: readonly (readonly number[])[];
}

/**
 * Measures sides; `undefined` where one of them has no such case. A side may come twice, which shows how far two
 * measurements of one thing differ.
 */
export async function measureSideBySide(
  id: string,
  sides: readonly Side[],
  { generations, rounds, stretch = 30 }: Effort,
): Promise<SideBySide | undefined> {
  const told: number[][] = [];
  for (let generation = 0; generation < generations; generation++) {
    const runners = sides.map((side) => new Runner(id, side, stretch));
    try {
      const begun: Told[] = [];
      // One after another: what compiles at the same time would get in each other's way.
      for (const runner of runners) begun.push(await runner.next());
      if (begun.includes("absent")) return undefined;
      const least = sides.map(() => Number.POSITIVE_INFINITY);
      told.push(least);
      for (let round = 0; round < rounds; round++) {
        for (let turn = 0; turn < sides.length; turn++) {
          const at = (turn + round + generation) % sides.length;
          least[at] = Math.min(least[at]!, await runners[at]!.stretch());
        }
      }
    } finally {
      await Promise.all(runners.map((runner) => runner.end()));
    }
  }
  return { least: sides.map((_, at) => best(told.map((least) => least[at]!))), generations: told };
}

/** A process that runs a case when it is told to. */
class Runner {
  readonly #child: ChildProcess;
  readonly #told: Told[] = [];
  readonly #side: Side;
  readonly #home = mkdtempSync(join(tmpdir(), "orch-bench-"));
  #wake = (): void => {};
  #hasEnded = false;
  #complaints = "";

  constructor(id: string, side: Side, stretch: number) {
    const { folder } = side.tree;
    this.#side = side;
    this.#child = fork(join(folder, "bench/paired/runner.ts"), [id, side.subject, this.#home, `${stretch}`], {
      cwd: folder,
      env: quietly,
      execArgv: ["--conditions=@orch/source"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#complaints += text;
    });
    this.#child.on("message", (told) => {
      this.#told.push(told as Told);
      this.#wake();
    });
    const ended = (problem: unknown): void => {
      if (problem instanceof Error) this.#complaints += problem.message;
      this.#hasEnded = true;
      this.#wake();
    };
    this.#child.once("close", ended).once("error", ended);
  }

  /** What it tells next. */
  async next(): Promise<Told> {
    for (;;) {
      const told = this.#told.shift();
      if (told !== undefined) return told;
      if (this.#hasEnded) throw new SideError(this.#side, this.#complaints.slice(-2_000));
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async stretch(): Promise<number> {
    if (this.#child.connected) this.#child.send("go");
    const told = await this.next();
    return typeof told === "object" ? told.ms : Number.NaN;
  }

  /** Ends the process, and removes what it wrote once it is gone. */
  async end(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null && this.#child.kill("SIGKILL"))
      await once(this.#child, "close");
    rmSync(this.#home, { recursive: true, force: true });
  }
}

/**
 * What a server costs over calling the engine in the same process. The client is this process, the server another one:
 *
 *     pnpm bench:server           in memory and on SQLite, with 1, 50 and 500 streams
 *
 * The first table is of texts at the pace of a model: what the server adds to the time until a person sees the first words. The
 * second is of texts said at once, one run after another in each stream: how many requests a second it takes.
 */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { client } from "./client.ts";
import { type Found, type Load, load } from "./load.ts";
import { AT_ONCE, LIKE_A_MODEL } from "./talk.ts";

const STREAMS = [1, 50, 500];
const PACED = 6_000;
const FAST = 3_000;

const folder = mkdtempSync(join(tmpdir(), "orch-server-bench-"));
try {
  for (const place of ["memory", join(folder, "runs.db")]) await measure(place);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(place: string): Promise<void> {
  const serving = fork(join(import.meta.dirname, "serving.ts"), [place], {
    execArgv: ["--conditions=@orch/source"],
  });
  try {
    const one = client((await told(serving)) as string);
    const both = async (wanted: Load): Promise<{ direct: Found; served: Found }> => ({
      direct: await directly(serving, wanted),
      served: await load(wanted, one),
    });
    // What is measured is a server that has answered before.
    await both({ talk: AT_ONCE, streams: 10, milliseconds: 1_000 });
    const host = place === "memory" ? "memory" : "SQLite";
    console.log(`\n${host}, 50 pieces at the pace of a model: milliseconds to the first text`);
    console.log("streams  direct p50  served p50  added p50  direct p95  served p95  pieces/s");
    for (const streams of STREAMS) {
      const { direct, served } = await both({ talk: LIKE_A_MODEL, streams, milliseconds: PACED });
      const [p50, q50] = [share(direct, 50), share(served, 50)];
      const cells = [p50, q50, q50 - p50, share(direct, 95), share(served, 95)].map((cell) =>
        cell.toFixed(1),
      );
      row(
        [streams, ...cells, Math.round((served.runs * LIKE_A_MODEL.pieces) / served.seconds)],
        [7, 10, 10, 9, 10, 10, 8],
      );
    }
    console.log(`\n${host}, 10 pieces at once: runs a second (two requests each)`);
    console.log("streams  direct  served  requests/s");
    for (const streams of STREAMS) {
      const { direct, served } = await both({ talk: AT_ONCE, streams, milliseconds: FAST });
      const [there, here] = [direct, served].map(({ runs, seconds }) => Math.round(runs / seconds));
      row([streams, there!, here!, 2 * here!], [7, 6, 6, 10]);
    }
  } finally {
    serving.kill();
  }
}

function directly(serving: ChildProcess, wanted: Load): Promise<Found> {
  const found = told(serving) as Promise<Found>;
  serving.send(wanted);
  return found;
}

/** The next message of the process; rejects when it ends instead. */
function told(serving: ChildProcess): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const ended = (): void => reject(new TypeError("The server ended."));
  serving.once("exit", ended);
  serving.once("message", (message) => {
    serving.off("exit", ended);
    resolve(message);
  });
  return promise;
}

/** The time below which a share of the runs had their first text. */
function share({ firsts }: Found, percent: number): number {
  const sorted = firsts.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}

function row(cells: readonly (number | string)[], widths: readonly number[]): void {
  console.log(cells.map((cell, at) => String(cell).padStart(widths[at] ?? 0)).join("  "));
}

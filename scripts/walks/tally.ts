/** Counts which functions of a checkout run, and how often, by V8's precise coverage. */
import { Session } from "node:inspector";
import { fileURLToPath } from "node:url";

/** What ran between two moments. */
export interface Tally {
  readonly files: number;
  readonly functions: number;
  readonly calls: number;
}

/** The same for the whole, and for each package by its folder's name. */
export interface Tallies {
  readonly all: Tally;
  readonly rooms: { readonly [folder: string]: Tally };
}

interface CoveredFunction {
  readonly functionName: string;
  readonly ranges: readonly {
    readonly startOffset: number;
    readonly endOffset: number;
    readonly count: number;
  }[];
}

interface Coverage {
  readonly result: readonly { readonly url: string; readonly functions: readonly CoveredFunction[] }[];
}

/** Counts from its making on. Only one may live in a process. */
export class Counter {
  readonly #session = new Session();
  readonly #folder: string;

  /** Counts the source files below `folder`, without dependencies. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  }

  /** Gives what ran since the last call of this method, and begins anew. A file's own code is no function. */
  take(): Tallies {
    let coverage: Coverage | undefined;
    // The inspector of the own thread answers before `post` returns.
    this.#session.post("Profiler.takePreciseCoverage", (_error, result) => {
      coverage = result as unknown as Coverage;
    });
    const rooms: { [folder: string]: Tally } = {};
    for (const script of coverage?.result ?? []) {
      if (!this.#counts(script.url)) continue;
      const ran = script.functions.filter(
        (one) => one.ranges[0]!.startOffset > 0 && one.ranges[0]!.count > 0,
      );
      if (ran.length === 0) continue;
      const room = /(?:packages|apps)\/[^/]+/.exec(script.url.slice(`file://${this.#folder}`.length))![0];
      const calls = ran.reduce((sum, one) => sum + one.ranges[0]!.count, 0);
      rooms[room] = sum(rooms[room], { files: 1, functions: ran.length, calls });
    }
    return { all: Object.values(rooms).reduce(sum, NONE), rooms };
  }

  #counts(url: string): boolean {
    if (!url.startsWith("file://")) return false;
    const path = fileURLToPath(url);
    return path.startsWith(this.#folder) && isSource(path);
  }
}

const NONE: Tally = { files: 0, functions: 0, calls: 0 };

function sum(one: Tally = NONE, other: Tally): Tally {
  return {
    files: one.files + other.files,
    functions: one.functions + other.functions,
    calls: one.calls + other.calls,
  };
}

/** Whether a path lies in the sources of a package or of the app. */
export function isSource(path: string): boolean {
  return /\/(packages|apps)\/[^/]+\/src\//.test(path) && !path.includes("/node_modules/");
}

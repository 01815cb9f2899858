/** The table of all cases, after the tests. */
import type { Reporter, TestModule, Vitest } from "vitest/node";
import { type EvalRow, tableOf } from "./eval-table.ts";

/** Where a test keeps its row for the reporter. */
export const META = "orchEval";

/**
 * A reporter of vitest: beside the others, it prints one table of the cases that `evalSuite` ran.
 *
 * @example
 * ```ts
 * // vitest.config.ts
 * export default defineConfig({ test: { reporters: ["default", new EvalReporter()] } });
 * ```
 */
export class EvalReporter implements Reporter {
  #print: ((text: string) => void) | undefined;

  /** @param print Takes the table. Default: the log of vitest. */
  constructor(print?: (text: string) => void) {
    this.#print = print;
  }

  readonly onInit = ({ logger }: Vitest): void => {
    this.#print ??= (text) => logger.log(text);
  };

  readonly onTestRunEnd = (modules: readonly TestModule[]): void => {
    const rows = modules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test) => rowIn(test.meta())),
    );
    if (rows.length > 0) this.#print?.(`\n${tableOf(rows)}\n`);
  };
}

function rowIn(meta: object): readonly EvalRow[] {
  const row: unknown = Reflect.get(meta, META);
  return typeof row === "object" && row !== null ? [row as EvalRow] : [];
}

import type { DatabaseSync } from "node:sqlite";
import { type LateStatement, lateStatement } from "../database/late-statement.ts";
import { rowSum } from "../database/row-checksum.ts";
import type { RunFile } from "./run-file.ts";

/** The graphs of definitions: each is kept once, for all of its runs. */
export class Graphs {
  readonly #file: RunFile;
  readonly #put: LateStatement;
  readonly #get: LateStatement;

  constructor(file: RunFile, database: DatabaseSync) {
    this.#file = file;
    this.#put = lateStatement(database, "INSERT OR IGNORE INTO graphs (name, graph, sum) VALUES (?, ?, ?)");
    this.#get = lateStatement(database, "SELECT graph, sum FROM graphs WHERE name = ?");
  }

  put(name: string, graph: string): void {
    // Most are kept already, and a transaction that writes waits for its turn.
    if (this.get(name) !== undefined) return;
    this.#file.write(graph.length, () => this.#put().run(name, graph, rowSum([name, graph])));
  }

  get(name: string): string | undefined {
    return this.#file.read(() => {
      const row = this.#get().get(name) as { readonly graph: string; readonly sum: number } | undefined;
      if (row === undefined) return undefined;
      if (row.sum !== rowSum([name, row.graph]))
        this.#file.damaged(`the graph ${name} does not match its digest`);
      return row.graph;
    });
  }
}

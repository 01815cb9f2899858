import { OrchError } from "@orch/core";

/** The platform has no SQLite. */
export class NodeSqliteError extends OrchError<"ORCH_NODE_SQLITE"> {
  constructor(facts: { readonly node: string }, cause: unknown) {
    const [major = 0, minor = 0] = facts.node.split(".").map(Number);
    const isOld = major < 22 || (major === 22 && minor < 18);
    super(
      "ORCH_NODE_SQLITE",
      facts,
      {
        says: isOld
          ? `@orch/sqlite needs Node 22.18 or newer; this is ${facts.node}.`
          : `@orch/sqlite needs the module node:sqlite, which this Node ${facts.node} does not have.`,
        fix: isOld ? "Install a newer Node." : "Start Node without --no-experimental-sqlite.",
      },
      { cause },
    );
  }
}

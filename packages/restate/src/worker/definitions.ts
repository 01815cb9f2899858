import { type AnyOrchestration, versionOf } from "@orch/core/host";
import type { KeptOrder } from "../words/run-order.ts";

/** What tells definitions of one orchestration apart. */
type Version = Pick<KeptOrder, "orchestration" | "version" | "hash">;

/** The definitions that a worker has. It may have several versions of one orchestration. */
export class Definitions {
  readonly #all = new Map<string, AnyOrchestration>();

  constructor(flows: Iterable<AnyOrchestration>) {
    for (const flow of flows) this.add(flow);
  }

  add(flow: AnyOrchestration): void {
    const { version, hash } = versionOf(flow);
    this.#all.set(nameOf({ orchestration: flow.id, version, hash }), flow);
  }

  find(version: Version): AnyOrchestration | undefined {
    return this.#all.get(nameOf(version));
  }

  /** The versions that are known of an orchestration, as a text for people. */
  versions(orchestration: string): readonly string[] {
    const start = `${orchestration} `;
    return [...this.#all.keys()]
      .filter((name) => name.startsWith(start))
      .map((name) => name.slice(start.length));
  }
}

function nameOf({ orchestration, version, hash }: Version): string {
  return `${orchestration} ${version} (${hash})`;
}

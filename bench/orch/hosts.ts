/** Orch's durable hosts, and the way from a setting to one. */
import * as core from "@orch/core";
import { DurableHost } from "@orch/core/host";
import { sqliteHost } from "@orch/sqlite";

/** When a commit is on disk. */
export type Durability = "step" | "group" | "end";

/** A host that journals into memory. */
export async function memoryHost(): Promise<DurableHost> {
  const { memoryHost: made } = core as { readonly memoryHost?: () => DurableHost };
  if (made !== undefined) return made();
  const { memoryStore } = await import("../../packages/core/src/durable/memory-store.ts");
  return new DurableHost(memoryStore());
}

/** A host on a file. */
export function fileHost(path: string, durability: Durability): DurableHost {
  return sqliteHost(path, { durability });
}

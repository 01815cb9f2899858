/** Orch's durable hosts, where this version has them. */
import type { Orchestration } from "@orch/core";

/** What the cases need of a host. */
export interface Host {
  readonly close?: () => unknown;
}

interface DurableOptions {
  readonly host: Host;
  readonly runId?: string;
}

type MakeHost = (path?: string, options?: { readonly durability: "step" | "group" | "end" }) => Host;

/** A host that journals into memory. */
export async function memoryHost(): Promise<Host | undefined> {
  return (await makerOf(["@orch/core", "@orch/core/host"], "memoryHost"))?.();
}

/** A host on a file. */
export async function sqliteHost(
  path: string,
  durability: "step" | "group" | "end",
): Promise<Host | undefined> {
  return (await makerOf(["@orch/sqlite", "@orch/sqlite/host"], "sqliteHost"))?.(path, { durability });
}

/** Runs on a host. */
export function runOn<TInput, TOutput>(
  flow: Orchestration<TInput, TOutput>,
  input: TInput,
  options: DurableOptions,
): Promise<TOutput> {
  return flow.run(input, options as object);
}

/** Goes on with a run that another process began; `undefined` where that cannot be done. */
export function resumeOn<TInput, TOutput>(
  flow: Orchestration<TInput, TOutput>,
  runId: string,
  options: DurableOptions,
): Promise<TOutput> | undefined {
  const resume = (flow as { readonly resume?: (runId: string, options: DurableOptions) => unknown }).resume;
  return resume?.call(flow, runId, options) as Promise<TOutput> | undefined;
}

/** Looks for a function that this version of the packages may not have yet. */
async function makerOf(doors: readonly string[], name: string): Promise<MakeHost | undefined> {
  for (const door of doors) {
    const found: { readonly [name: string]: unknown } = await import(door).catch(() => ({}));
    if (typeof found[name] === "function") return found[name] as MakeHost;
  }
  return undefined;
}

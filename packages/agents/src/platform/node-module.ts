/** The modules of Node, where the program runs on it. */

interface NodeModules {
  readonly "node:fs/promises": typeof import("node:fs/promises");
  readonly "node:http": typeof import("node:http");
  readonly "node:https": typeof import("node:https");
  readonly "node:net": typeof import("node:net");
  readonly "node:stream": typeof import("node:stream");
}

/** The parts of Node's `process` that are read here. */
export type NodeProcess = Pick<NodeJS.Process, "env" | "allowedNodeEnvironmentFlags" | "getBuiltinModule">;

/** Gives Node's `process`, as far as the platform has it. */
export function nodeProcess(): Partial<NodeProcess> {
  const { process } = globalThis as { readonly process?: Partial<NodeProcess> };
  return process ?? {};
}

/**
 * Asks the platform for a module of Node and does not import it: a bundler for browsers has none of that name, and
 * fails. Gives `undefined` where there is none.
 */
export function nodeModule<TName extends keyof NodeModules>(name: TName): NodeModules[TName] | undefined {
  return nodeProcess().getBuiltinModule?.(name) as NodeModules[TName] | undefined;
}

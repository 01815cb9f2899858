/**
 * Lets the user's own files import `@orch/core` and its neighbours without installing them: where the
 * project has none, they get the copy that is part of this program.
 */
import { registerHooks } from "node:module";

type Loader = () => Promise<Readonly<Record<string, unknown>>>;

const MODULES: { readonly [specifier: string]: Loader } = {
  "@orch/core": () => import("@orch/core"),
  "@orch/agents": () => import("@orch/agents"),
  "@orch/agents/files": () => import("@orch/agents/files"),
  "@orch/agents/team": () => import("@orch/agents/team"),
  "@orch/agents/guardrails": () => import("@orch/agents/guardrails"),
  "@orch/agents/compaction": () => import("@orch/agents/compaction"),
  "@orch/agents/wrappers": () => import("@orch/agents/wrappers"),
  "@orch/agents/provider-tools": () => import("@orch/agents/provider-tools"),
  "@orch/agents/embedding": () => import("@orch/agents/embedding"),
  "@orch/agents/batch": () => import("@orch/agents/batch"),
  "@orch/agents/partial": () => import("@orch/agents/partial"),
  "@orch/agents/cost": () => import("@orch/agents/cost"),
  "@orch/chat-runtime": () => import("@orch/chat-runtime"),
  // Its values are those of its configuration; all else there is types.
  "@orch/chat": () => import("./config.ts"),
  "@orch/chat/config": () => import("./config.ts"),
  zod: () => import("zod"),
};
const SCHEME = "orch-own:";
const SHARED = Symbol.for("orch.own-modules");

type Offered = Map<string, Readonly<Record<string, unknown>>>;

/** What each copy of this program offers that runs in this process: a second one is a test's, or comes with another version. */
const copies: Offered[] = (globalThis as { [SHARED]?: Offered[] })[SHARED] ?? [];
Object.assign(globalThis, { [SHARED]: copies });
const loaded: Offered = new Map();
const copy = copies.push(loaded) - 1;

/** How the query of an address begins that a copy of this program imports a file of the user's by. */
export const LOAD_TAG = "orch-load=";
/** The same for this copy. */
export const OWN_TAG: string = `${LOAD_TAG}${copy}.`;

let offered: Promise<void> | undefined;

/** Offers the modules to whatever is imported from now on. */
export function offerModules(): Promise<void> {
  offered ??= offer();
  return offered;
}

async function offer(): Promise<void> {
  for (const [specifier, load] of Object.entries(MODULES)) loaded.set(specifier, await load());
  registerHooks({
    resolve: (specifier, context, next) => {
      if (!loaded.has(specifier) || isOthers(context.parentURL)) return next(specifier, context);
      try {
        return next(specifier, context);
      } catch (error) {
        if (!isNotInstalled(error)) throw error;
        return { url: `${SCHEME}${copy}:${specifier}`, shortCircuit: true };
      }
    },
    load: (url, context, next) => {
      const own = `${SCHEME}${copy}:`;
      if (!url.startsWith(own)) return next(url, context);
      const specifier = url.slice(own.length);
      return { format: "module", source: sourceOf(specifier, loaded.get(specifier)!), shortCircuit: true };
    },
  });
}

/** Whether another copy of this program imports that file. */
function isOthers(importer: string | undefined): boolean {
  return importer?.includes(`?${LOAD_TAG}`) === true && !importer.includes(`?${OWN_TAG}`);
}

function isNotInstalled(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === "ERR_MODULE_NOT_FOUND";
}

/** The source of a module that re-exports a module the program has loaded. */
function sourceOf(specifier: string, module: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(module).filter((name) => name !== "default");
  const shared = `globalThis[Symbol.for("orch.own-modules")][${copy}].get(${JSON.stringify(specifier)})`;
  return [
    `const shared = ${shared};`,
    // Some names are words of the language, like zod's `catch`: they can be exported, but not declared.
    ...names.flatMap((name, at) => {
      const quoted = JSON.stringify(name);
      return [`const own${at} = shared[${quoted}];`, `export { own${at} as ${quoted} };`];
    }),
    "export default shared.default;",
  ].join("\n");
}

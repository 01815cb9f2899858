/** Where each subject's modules are. */
import type { Case } from "./cases.ts";
import type { Family, Subject } from "./subject.ts";

/** A subject by its name on the page, with the package whose version is told. */
export interface Entrant {
  readonly folder: string;
  readonly title: string;
  readonly packages: readonly string[];
}

/** All subjects: two floors, us, our peers. */
export const entrants: { readonly [name: string]: Entrant } = {
  bare: { folder: "floors/bare", title: "bare functions", packages: [] },
  loop: { folder: "floors/loop", title: "loop by hand", packages: [] },
  orch: { folder: "orch", title: "Orch", packages: [] },
  langgraph: {
    folder: "peers/langgraph",
    title: "LangGraph.js",
    packages: ["@langchain/langgraph", "@langchain/core", "@langchain/langgraph-checkpoint-sqlite"],
  },
  mastra: { folder: "peers/mastra", title: "Mastra", packages: ["@mastra/core", "@mastra/libsql"] },
  xstate: { folder: "peers/xstate", title: "XState", packages: ["xstate"] },
  effect: { folder: "peers/effect", title: "Effect", packages: ["effect"] },
  ai: { folder: "peers/ai", title: "AI SDK", packages: ["ai"] },
  "openai-agents": { folder: "peers/openai-agents", title: "OpenAI Agents", packages: ["@openai/agents"] },
};

/** Whether it is neither a floor nor us. */
export function isPeer(name: string): boolean {
  return entrants[name]?.folder.startsWith("peers/") === true;
}

/** Loads a subject; `undefined` when its module has nothing for this case. */
export async function subjectOf(name: string, one: Case): Promise<Subject | undefined> {
  const file = new URL(`${entrants[name]!.folder}/${one.family}.ts`, import.meta.url);
  const family: Family = await import(file.href);
  return family[exportName(one.program ?? one.id)];
}

/** `durable-sqlite` is exported as `durableSqlite`. */
export function exportName(id: string): string {
  return id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

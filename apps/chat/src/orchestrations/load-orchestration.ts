/** Loads the file of an orchestration that is not bundled. */
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { RuntimeConfiguration } from "@orch/chat-runtime";
import type { Orchestration } from "@orch/core";
import { offerModules } from "../config/offer-modules.ts";
import type { Trust } from "../config/trust.ts";
import { OrchestrationFileError } from "../errors/orchestration-file-error.ts";
import { UntrustedError } from "../errors/untrusted-error.ts";
import {
  type ChatOrchestration,
  type OrchestrationContext,
  plainOrchestration,
  singleState,
} from "./chat-orchestration.ts";

/**
 * Loads and makes the orchestration `name` from `file`. The file may give an orchestration, a runtime
 * configuration, or one with a graph.
 *
 * @throws UntrustedError (`ORCH_UNTRUSTED`), OrchestrationFileError (`ORCH_ORCHESTRATION_FILE`).
 */
export async function loadOrchestration(
  name: string,
  file: string,
  context: OrchestrationContext,
  trust: Trust,
): Promise<ChatOrchestration> {
  const fail = (problem: string, cause?: unknown): never => {
    throw new OrchestrationFileError({ orchestration: name, file, problem }, { cause });
  };
  const text = await readFile(file, "utf8").catch((cause) => fail("there is no such file", cause));
  if (!(await trust.allows(file, text))) throw new UntrustedError({ file });
  let made: unknown;
  try {
    await offerModules();
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
    made = typeof module.default === "function" ? await module.default(context) : module.default;
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message.split("\n")[0]! : String(cause);
    return fail(problem.replace(/\.$/, ""), cause);
  }
  if (!isAnswering(made)) return fail("its default export gives nothing that answers");
  if ("start" in made) return plainOrchestration(made as unknown as Orchestration<string, unknown>);
  return "graph" in made ? (made as ChatOrchestration) : singleState({ ...made, name: made.name ?? name });
}

function isAnswering(value: unknown): value is RuntimeConfiguration {
  return (
    typeof value === "object" && value !== null && "invoke" in value && typeof value.invoke === "function"
  );
}

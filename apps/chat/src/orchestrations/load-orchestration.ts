/** Loads the file of an orchestration that is not bundled. */
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { orchestrationRuntime, type RuntimeConfiguration } from "@orch/chat-runtime";
import type { Orchestration } from "@orch/core";
import { offerModules } from "../config/offer-modules.ts";
import type { Trust } from "../config/trust.ts";
import { OrchestrationFileError } from "../errors/orchestration-file-error.ts";
import { UntrustedError } from "../errors/untrusted-error.ts";
import type { OrchestrationContext } from "./orchestration-context.ts";

/**
 * Loads and makes the orchestration `name` from `file`. The file gives a runtime configuration,
 * or an orchestration that takes the text of a message; its output is then shown as it is.
 *
 * @throws UntrustedError (`ORCH_UNTRUSTED`), OrchestrationFileError (`ORCH_ORCHESTRATION_FILE`).
 */
export async function loadOrchestration(
  name: string,
  file: string,
  context: OrchestrationContext,
  trust: Trust,
): Promise<RuntimeConfiguration> {
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
  return "start" in made ? plainRuntime(made) : { ...made, name: made.name ?? name };
}

function plainRuntime(orchestration: Orchestration<string, unknown>): RuntimeConfiguration {
  return orchestrationRuntime(orchestration, {
    toInput: ({ text }) => text,
    toMessage: (output) => (typeof output === "string" ? output : JSON.stringify(output, undefined, 2)),
  });
}

function isAnswering(value: unknown): value is RuntimeConfiguration | Orchestration<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  return "orchestration" in value || ("invoke" in value && typeof value.invoke === "function");
}

/** Loads the file of an orchestration that is not bundled. */
import { readFile } from "node:fs/promises";
import { isAbsolute, relative } from "node:path";
import { orchestrationRuntime, type RuntimeConfiguration } from "@orch/chat-runtime";
import type { Orchestration } from "@orch/core";
import { codeProblems } from "../config/code-problems.ts";
import { OwnCode } from "../config/own-code.ts";
import type { Trust } from "../config/trust.ts";
import type { CodeProblem } from "../errors/code-problem.ts";
import { OrchestrationFileError } from "../errors/orchestration-file-error.ts";
import { UntrustedError } from "../errors/untrusted-error.ts";
import type { OrchestrationContext } from "./orchestration-context.ts";

const CORRECT = "Correct what each line names; orch check says it again.";
const EXPORT =
  "Let the file export, as default, a function of { model, root } that gives an orchestration or a runtime configuration.";

/**
 * Reads the file of the orchestration `name`. It runs when the orchestration is made.
 *
 * @throws UntrustedError (`ORCH_UNTRUSTED`), OrchestrationFileError (`ORCH_ORCHESTRATION_FILE`) when it is not there.
 */
export async function readOrchestration(
  name: string,
  file: string,
  root: string,
  trust: Trust,
): Promise<OwnCode> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const shown = pathFrom(root, file);
    const problems = [{ file: shown, says: "There is no such file." }];
    const facts = { orchestration: name, file: shown, problems };
    throw new OrchestrationFileError(facts, {
      fix: `Write it, or correct orchestrations.${name}.file in the configuration.`,
      cause,
    });
  });
  if (!(await trust.allows({ name: file, content: text }))) throw new UntrustedError({ file });
  return new OwnCode(file, text);
}

/**
 * Makes the orchestration `name` of its code. The file gives a runtime configuration, or an orchestration that takes
 * the text of a message; its output is then shown as it is.
 *
 * @throws OrchestrationFileError (`ORCH_ORCHESTRATION_FILE`), with every problem of the definition.
 */
export async function loadOrchestration(
  name: string,
  code: OwnCode,
  context: OrchestrationContext,
): Promise<RuntimeConfiguration> {
  const file = pathFrom(context.root, code.file);
  const fail = (problems: readonly CodeProblem[], fix: string, cause?: unknown): never => {
    throw new OrchestrationFileError({ orchestration: name, file, problems }, { fix, cause });
  };
  let made: unknown;
  try {
    const { default: given } = await code.exports();
    made = typeof given === "function" ? await given(context) : given;
  } catch (cause) {
    const problems = await codeProblems(code, cause);
    const named = problems.map((problem) => ({ ...problem, file: pathFrom(context.root, problem.file) }));
    return fail(named, CORRECT, cause);
  }
  if (!isAnswering(made))
    return fail([{ file, says: "Its default export gives nothing that answers." }], EXPORT);
  return "start" in made ? plainRuntime(made) : { ...made, name: made.name ?? name };
}

/** Names a file as somebody in `root` would. */
export function pathFrom(root: string, file: string): string {
  const path = relative(root, file);
  return path.startsWith("..") || isAbsolute(path) ? file : path;
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

/** `orch check`: whether the orchestrations of one's own load, and everything that is wrong with them. */
import { resolve } from "node:path";
import { isOrchError } from "@orch/core";
import type { OutputFormat } from "../config/args.ts";
import { type CodeProblem, problemLine } from "../errors/code-problem.ts";
import type { Setup } from "../setup/compose.ts";
import { runSchemas } from "../setup/run-schemas.ts";
import { unknownOrchestration } from "../setup/unknown-orchestration.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { errorSentence } from "./error-sentence.ts";
import { exitCodes } from "./exit-codes.ts";
import { jsonLine } from "./result.ts";

/** What became of one orchestration. */
interface Checked {
  readonly orchestration: string;
  /** As the user would name it from the folder. */
  readonly file?: string;
  /** How many states it has; absent for code that has none, and when it does not load. */
  readonly states?: number;
  readonly problems: readonly CodeProblem[];
}

/** The report and the exit code: 0 when all load, else that of a wrong configuration. */
export interface CheckReport {
  readonly text: SafeText;
  readonly code: number;
}

/**
 * Loads every orchestration of one's own, or those that `target` names: a name, or a file.
 *
 * @throws OrchestrationUnknownError (`ORCH_ORCHESTRATION_UNKNOWN`) for a target that is neither.
 */
export async function checkOrchestrations(
  setup: Setup,
  target: string | undefined,
  format: OutputFormat,
): Promise<CheckReport> {
  const checked: Checked[] = [];
  for (const [name, file] of chosen(setup, target)) checked.push(await check(setup, name, file));
  const ok = checked.every(({ problems }) => problems.length === 0);
  const code = ok ? exitCodes.done : exitCodes.config;
  if (format !== "text") return { code, text: jsonLine({ v: 1, ok, orchestrations: checked }) };
  const nothing = safe`No orchestration of your own is configured here. orch init writes one to begin with.\n`;
  return { code, text: checked.length === 0 ? nothing : safeText(checked.map(lines).join("")) };
}

type Target = readonly [name: string, file: string | undefined];

function chosen({ own, folder, orchestrations }: Setup, target: string | undefined): readonly Target[] {
  if (target === undefined) return own.names.map((name): Target => [name, own.fileOf(name)]);
  if (orchestrations.includes(target)) return [[target, own.fileOf(target)]];
  const file = resolve(folder, target);
  const name = own.names.find((one) => own.fileOf(one) === file);
  if (name !== undefined) return [[name, file]];
  if (/[/\\]|\.[cm]?[jt]sx?$/.test(target)) return [[nameOf(target), file]];
  throw unknownOrchestration(target, orchestrations);
}

function nameOf(path: string): string {
  return path.replace(/^.*[/\\]/, "").replace(/\.[^.]*$/, "");
}

async function check(setup: Setup, orchestration: string, path: string | undefined): Promise<Checked> {
  const file = path === undefined ? undefined : setup.own.shown(path);
  const about = { orchestration, ...(file !== undefined && { file }) };
  try {
    const made = await setup.check(orchestration, path);
    const exports = path === undefined ? undefined : await setup.own.exportsOf(orchestration, path);
    // Only typed runs need them, and a mistake is better known before a server starts.
    if (exports !== undefined) runSchemas(exports);
    const states = "orchestration" in made ? made.orchestration.graph.nodes.length : undefined;
    return { ...about, ...(states !== undefined && { states }), problems: [] };
  } catch (error) {
    if (isOrchError(error, "ORCH_ORCHESTRATION_FILE")) return { ...about, problems: error.facts.problems };
    return { ...about, problems: [{ file: file ?? orchestration, says: errorSentence(error) }] };
  }
}

function lines({ orchestration, file, states, problems }: Checked): string {
  const mark = problems.length === 0 ? "ok   " : "wrong";
  const size = states === undefined ? "" : `, ${states} ${states === 1 ? "state" : "states"}`;
  const head = `${mark} ${orchestration} (${file ?? "bundled"}${size})\n`;
  return safeText(head + problems.map((problem) => `  ${problemLine(problem)}\n`).join(""));
}

/** A run as Markdown: what happened in its order, with all values. */
import type { EventError } from "@orch/core";
import { duration } from "../terminal/duration.ts";
import { promptText } from "../terminal/prompt-text.ts";
import { safeText } from "../terminal/safe-text.ts";
import { waitText } from "../terminal/wait-text.ts";
import type { CallStep, RunRecord, RunStep, StateStep } from "./run-record.ts";
import { addedTo, conditionOf, nameOf, oneLine } from "./step-look.ts";

/** Headings have six levels. */
const MAX_LEVEL = 6;

/** Writes a run, cleaned: somebody will print it on a terminal. */
export function runMarkdown(run: RunRecord): string {
  const { runId, orchestration, status, startedAt, input, output, error, reason } = run;
  const facts = [
    `run \`${code(runId)}\``,
    status,
    ...(run.duration === undefined ? [] : [duration(run.duration)]),
    ...(run.tokens > 0 ? [`${run.isEstimated ? "~" : ""}${run.tokens} tokens`] : []),
    ...(run.cost > 0 ? [`$${run.cost.toFixed(4)}`] : []),
    new Date(startedAt).toISOString(),
  ];
  const parts = [
    `# ${plain(orchestration)}`,
    facts.join(" · "),
    value("Input", input),
    ...(output === undefined ? [] : [value("Output", output.value)]),
    ...(error === undefined ? [] : [errorText(error)]),
    ...(reason === undefined ? [] : [`Cancelled: ${plain(reason)}`]),
    ...run.steps.flatMap((step) => stepText(step, undefined, 2)),
  ];
  return `${safeText(parts.join("\n\n"))}\n`;
}

function stepText(step: RunStep, parent: StateStep | undefined, level: number): readonly string[] {
  const mark = "#".repeat(Math.min(level, MAX_LEVEL));
  switch (step.type) {
    case "state":
      return stateText(step, parent, mark, level);
    case "move": {
      const rows = step.advancers.map(
        (each) => `- ${each.verdict}: ${plain(each.to)}, ${plain(conditionOf(each))}`,
      );
      return [
        `**${plain(step.from)} → ${plain(step.to)}** (${step.cause})`,
        ...(rows.length > 0 ? [rows.join("\n")] : []),
        ...(step.added === undefined ? [] : [value(plain(addedTo(step.added)), step.added.fields)]),
      ];
    }
    case "call":
      return callText(step, mark, level);
    case "question":
      return [
        `${mark} Question`,
        fenced(promptText(step.prompt), ""),
        step.answer === undefined ? `*${step.status}*` : value("Answer", step.answer.value),
      ];
    case "skip":
      return [`${mark} ${plain(nameOf(step, parent))}`, "*skipped: its condition did not hold*"];
    case "note":
      return [`*${plain(step.text)}*`];
  }
}

function stateText(
  step: StateStep,
  parent: StateStep | undefined,
  mark: string,
  level: number,
): readonly string[] {
  const facts = [
    step.status,
    `visit ${step.visit}`,
    ...(step.duration === undefined ? [] : [duration(step.duration)]),
    ...(step.tokens > 0 ? [`${step.isEstimated ? "~" : ""}${step.tokens} tokens`] : []),
    ...(step.cost > 0 ? [`$${step.cost.toFixed(4)}`] : []),
    ...step.models.map(plain),
  ];
  return [
    `${mark} ${plain(nameOf(step, parent))}`,
    facts.join(" · "),
    ...(step.error === undefined ? [] : [errorText(step.error)]),
    ...step.attempts.map(({ attempt, error }) => `Attempt ${attempt} failed. ${errorText(error)}`),
    ...(step.wait === undefined ? [] : [plain(`It ${waitText(step.wait)}.`)]),
    value("Input", step.input),
    ...(step.output === undefined ? [] : [value("Output", step.output.value)]),
    ...(step.text.trim() === "" ? [] : ["What it said:", fenced(step.text, "")]),
    ...step.inside.flatMap((each) => stepText(each, step, level + 1)),
  ];
}

function callText(
  { name, input, result, status, inside, duration: took }: CallStep,
  mark: string,
  level: number,
) {
  const time = took === undefined ? "" : ` · ${duration(took)}`;
  return [
    `${mark} Tool \`${code(name)}\``,
    `${status}${time}`,
    value("Arguments", input),
    ...(result === undefined ? [] : ["Result:", fenced(result, "")]),
    ...inside.flatMap((each) => stepText(each, undefined, level + 1)),
  ];
}

function errorText(error: EventError): string {
  const causes: string[] = [];
  for (let at: EventError | undefined = error; at !== undefined && causes.length < 10; at = at.cause)
    causes.push(`${at.code === undefined ? "" : `\`${code(at.code)}\` `}${plain(at.message)}`);
  return `Error: ${causes.join("; because of: ")}`;
}

function value(title: string, held: unknown): string {
  return typeof held === "string"
    ? `${title}:\n\n${fenced(held, "")}`
    : `${title}:\n\n${fenced(JSON.stringify(held, undefined, 2) ?? "nothing", "json")}`;
}

/** A block that no text inside can end. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}`;
}

/** Text of others on one line, without a meaning in Markdown. */
function plain(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>#|!]/g, "\\$&");
}

function code(text: string): string {
  return oneLine(text).replaceAll("`", "'");
}

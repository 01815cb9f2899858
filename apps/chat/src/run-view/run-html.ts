/** A run as one page that loads nothing: to open, to keep and to send. */
import type { EventError } from "@orch/core";
import { duration } from "../terminal/duration.ts";
import { htmlPage, htmlText as text } from "../terminal/html-page.ts";
import { promptText } from "../terminal/prompt-text.ts";
import { waitText } from "../terminal/wait-text.ts";
import type { RunRecord, RunStep, StateStep } from "./run-record.ts";
import { addedTo, conditionOf, lookOf, nameOf } from "./step-look.ts";

/** Writes a run. `mermaid` is its graph as text. Nothing in it is markup of others, and no script runs. */
export function runHtml(run: RunRecord, mermaid: string): string {
  const figures = [
    run.status,
    ...(run.duration === undefined ? [] : [duration(run.duration)]),
    ...(run.tokens > 0 ? [`${run.isEstimated ? "~" : ""}${run.tokens} tokens`] : []),
    ...(run.cost > 0 ? [`$${run.cost.toFixed(4)}`] : []),
    new Date(run.startedAt).toISOString(),
    run.runId,
  ];
  return htmlPage(run.orchestration, [
    `<h1>${text(run.orchestration)}</h1>`,
    `<p class="${run.status}">${figures.map(text).join(" · ")}</p>`,
    value("Input", run.input),
    ...(run.output === undefined ? [] : [value("Output", run.output.value)]),
    ...(run.error === undefined ? [] : [errorHtml(run.error)]),
    ...(run.reason === undefined ? [] : [value("Cancelled", run.reason)]),
    ...run.steps.map((step) => stepHtml(step, undefined)),
    block("Graph, as Mermaid", mermaid),
  ]);
}

function stepHtml(step: RunStep, parent: StateStep | undefined): string {
  const { label, note, took } = lookOf(step, parent, step.time);
  switch (step.type) {
    case "state":
      return folded(
        step.status,
        text(nameOf(step, parent)),
        [note, step.duration === undefined ? "" : took],
        [
          ...(step.error === undefined ? [] : [errorHtml(step.error)]),
          ...step.attempts.map(
            ({ attempt, error }) => `<p>Attempt ${attempt} failed.</p>${errorHtml(error)}`,
          ),
          ...(step.wait === undefined ? [] : [`<p>It ${text(waitText(step.wait))}.</p>`]),
          value("Input", step.input),
          ...(step.output === undefined ? [] : [value("Output", step.output.value)]),
          ...(step.text.trim() === "" ? [] : [block("What it said", step.text)]),
          ...step.inside.map((each) => stepHtml(each, step)),
        ],
      );
    case "call":
      return folded(
        step.status,
        `tool ${text(label)}`,
        [took],
        [
          value("Arguments", step.input),
          ...(step.result === undefined ? [] : [block("Result", step.result)]),
          ...step.inside.map((each) => stepHtml(each, undefined)),
        ],
      );
    case "move":
      return `<p>${text(step.from)} → <b>${text(step.to)}</b> <span class="dim">${text(note)}</span></p><ul>${step.advancers
        .map(
          (each) =>
            `<li>${each.verdict}: ${text(each.to)} <span class="dim">${text(conditionOf(each))}</span></li>`,
        )
        .join("")}</ul>${step.added === undefined ? "" : value(addedTo(step.added), step.added.fields)}`;
    case "question":
      return folded(
        step.status,
        "question",
        [note],
        [
          block("Question", promptText(step.prompt)),
          ...(step.answer === undefined ? [] : [value("Answer", step.answer.value)]),
        ],
      );
    case "skip":
    case "note":
      return `<p class="dim">${text(label)} ${text(note)}</p>`;
  }
}

function folded(status: string, title: string, notes: readonly string[], inside: readonly string[]): string {
  const said = notes
    .filter((note) => note !== "")
    .map(text)
    .join(" · ");
  return `<details><summary><span class="${status}">${status}</span> <b>${title}</b> <span class="dim">${said}</span></summary>
${inside.join("\n")}
</details>`;
}

function errorHtml(error: EventError): string {
  const lines: string[] = [];
  for (let at: EventError | undefined = error; at !== undefined && lines.length < 10; at = at.cause)
    lines.push(`${at.code === undefined ? at.name : at.code}: ${at.message}`);
  return block("Error", lines.join("\nbecause of "));
}

function value(title: string, held: unknown): string {
  return block(title, typeof held === "string" ? held : (JSON.stringify(held, undefined, 2) ?? "nothing"));
}

function block(title: string, held: string): string {
  return `<h4>${text(title)}</h4><pre>${text(held)}</pre>`;
}

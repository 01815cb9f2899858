/** A run as one page that loads nothing: to open, to keep and to send. */
import type { EventError } from "@orch/core";
import { duration } from "../rail/figures.ts";
import { promptText } from "../terminal/prompt-text.ts";
import { visibleText } from "../terminal/safe-text.ts";
import type { RunRecord, RunStep, StateStep } from "./run-record.ts";
import { conditionOf, lookOf, nameOf } from "./step-look.ts";

const STYLE = `:root{color-scheme:light dark;--dim:#6b7280;--line:#d4d4d8;--ok:#15803d;--bad:#b91c1c;--go:#1d4ed8}
@media(prefers-color-scheme:dark){:root{--dim:#9ca3af;--line:#3f3f46;--ok:#4ade80;--bad:#f87171;--go:#93c5fd}}
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
pre{font:13px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;margin:.3rem 0 1rem;max-height:30rem;overflow:auto}
details{border-left:2px solid var(--line);padding-left:.9rem;margin:.3rem 0}summary{cursor:pointer}
h1{margin-bottom:.2rem}h4{margin:.6rem 0 0;font-size:.85rem;color:var(--dim)}.dim{color:var(--dim)}
.done{color:var(--ok)}.failed{color:var(--bad)}.running,.waiting,.retrying{color:var(--go)}ul{margin:.2rem 0 .6rem}`;

/** Writes a run. `mermaid` is its graph as text. Nothing in it is markup of others, and no script runs. */
export function runHtml(run: RunRecord, mermaid: string): string {
  const figures = [
    run.status,
    ...(run.duration === undefined ? [] : [duration(run.duration)]),
    ...(run.tokens > 0 ? [`${run.tokens} tokens`] : []),
    ...(run.cost > 0 ? [`$${run.cost.toFixed(4)}`] : []),
    new Date(run.startedAt).toISOString(),
    run.runId,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(run.orchestration)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${text(run.orchestration)}</h1>
<p class="${run.status}">${figures.map(text).join(" · ")}</p>
${[
  value("Input", run.input),
  ...(run.output === undefined ? [] : [value("Output", run.output.value)]),
  ...(run.error === undefined ? [] : [errorHtml(run.error)]),
  ...(run.reason === undefined ? [] : [value("Cancelled", run.reason)]),
  ...run.steps.map((step) => stepHtml(step, undefined)),
  block("Graph, as Mermaid", mermaid),
].join("\n")}
</body>
</html>
`;
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
        .join("")}</ul>`;
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

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text of others: hidden characters are shown, and nothing in it is markup. */
function text(held: string): string {
  return visibleText(held, { multiline: true }).replace(/[&<>"']/g, (found) => ESCAPES[found]!);
}

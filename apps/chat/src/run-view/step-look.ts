/** How a step looks in one line: its sign, its name, what is said of it, and what it took. */
import type { AdvancerVerdict } from "@orch/core";
import { callLabel } from "../rail/call-label.ts";
import { tokensText } from "../rail/figures.ts";
import type { RailStatus } from "../rail/rail-entry.ts";
import { followUpName, laneName } from "../rail/rail-lane.ts";
import { STATUS_GLYPHS } from "../rail/rail-lines.ts";
import { reasonOf, summarize } from "../rail/summary.ts";
import { duration } from "../terminal/duration.ts";
import type { Glyphs } from "../terminal/glyphs.ts";
import { promptText } from "../terminal/prompt-text.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import type { Role } from "../terminal/theme.ts";
import { waitText } from "../terminal/wait-text.ts";
import type { MoveStep, RunStep, StateStep } from "./run-record.ts";

/** One line about a step. */
export interface StepLook {
  readonly glyph: keyof Glyphs;
  readonly role: Role;
  readonly label: SafeText;
  readonly note: SafeText;
  /** Set where the end of the note tells more than its beginning: it is still being said. */
  readonly saying?: true;
  /** What it took, at the end of the line. */
  readonly took: SafeText;
}

/** The style of a way that a step can be doing. */
export function roleOf(status: RailStatus): Role {
  return status === "cancelled" || status === "skipped" ? "idle" : status === "retrying" ? "retry" : status;
}

/** Says what a step is. `parent` is the state it is in, for the name of a lane. */
export function lookOf(step: RunStep, parent: StateStep | undefined, now: number): StepLook {
  switch (step.type) {
    case "state":
      return stateLook(step, parent, now);
    case "move":
      return {
        glyph: "into",
        role: "accent",
        label: oneLine(step.to),
        note: reasonOfMove(step),
        took: safe``,
      };
    case "call": {
      const said = step.result === undefined ? safe`` : oneLine(step.result);
      const took = step.duration === undefined ? safe`` : duration(step.duration);
      return { ...signOf(step.status), label: callLabel(step.name, step.input), note: said, took };
    }
    case "question":
      return {
        ...signOf(step.status),
        label: oneLine(promptText(step.prompt)),
        note: answerOf(step),
        took: safe``,
      };
    case "skip":
      return {
        ...signOf("skipped"),
        label: nameOf(step, parent),
        note: safe`its condition did not hold`,
        took: safe``,
      };
    case "note":
      return { glyph: "separator", role: "dim", label: oneLine(step.text), note: safe``, took: safe`` };
  }
}

/** The name of a state, or of the lane that it is. */
export function nameOf(
  step: { readonly state: string; readonly lane?: string; readonly follows?: true },
  parent: StateStep | undefined,
): SafeText {
  if (step.lane === undefined || parent === undefined) return oneLine(step.state);
  const name = laneName({ name: oneLine(parent.state), kind: parent.kind }, step.lane);
  return step.follows === true ? followUpName(name, oneLine(step.state)) : name;
}

/** Why the machine moved, in a few words. */
export function reasonOfMove({ cause, advancers }: Pick<MoveStep, "cause" | "advancers">): SafeText {
  if (cause === "rerun") return safe`no advancer took the output: again`;
  const taken = advancers.find(({ verdict }) => verdict === "taken");
  const declined = advancers.filter(({ verdict }) => verdict === "declined");
  const why = taken === undefined ? safe`` : conditionOf(taken);
  const failure = cause === "error" ? safe`after a failure` : safe``;
  const [other] = declined;
  const others =
    other === undefined
      ? safe``
      : declined.length === 1 && other.label !== undefined
        ? safe`${oneLine(other.label)} declined`
        : safe`${declined.length} declined`;
  return safeText([failure, why, others].filter((part) => part !== "").join(" · "));
}

/** The heading of what an edge added to a dossier. */
export function addedTo({ dossier }: NonNullable<MoveStep["added"]>): SafeText {
  return safe`Added to the dossier ${oneLine(dossier)}`;
}

/** A condition by its label, or in words. */
export function conditionOf({ label, conditional }: AdvancerVerdict): SafeText {
  if (label !== undefined && label !== "") return oneLine(label);
  return conditional ? safe`its condition` : safe`always`;
}

/** Untrusted text on one line. */
export function oneLine(text: string): SafeText {
  return safeText(safeText(text.slice(0, 2000)).replaceAll(/\s+/g, " ").trim());
}

function signOf(status: RailStatus): Pick<StepLook, "glyph" | "role"> {
  return { glyph: STATUS_GLYPHS[status], role: roleOf(status) };
}

function stateLook(step: StateStep, parent: StateStep | undefined, now: number): StepLook {
  const { status, visit, error, output, attempts, text, wait } = step;
  const again = visit > 1 ? safe` #${visit}` : safe``;
  const last = attempts.at(-1);
  const note =
    error !== undefined
      ? reasonOf(error)
      : output !== undefined
        ? summarize(output.value)
        : status === "retrying" && last !== undefined
          ? safe`attempt ${last.attempt} failed: ${reasonOf(last.error)}`
          : status === "waiting" && wait !== undefined
            ? waitText(wait)
            : oneLine(text.slice(-200));
  const time = step.duration ?? (step.time > 0 ? now - step.time : undefined);
  const tokens = step.tokens > 0 ? safe`${tokensText(step)} tok ` : safe``;
  const took = time === undefined ? tokens : safe`${tokens}${duration(time)}`;
  const saying = error === undefined && output === undefined && status === "running" && text !== "";
  const label = safe`${nameOf(step, parent)}${again}`;
  return { ...signOf(status), label, note, took, ...(saying && { saying }) };
}

function answerOf({ status, answer }: Extract<RunStep, { type: "question" }>): SafeText {
  if (answer !== undefined) return safe`answered: ${summarize(answer.value)}`;
  return status === "waiting" ? safe`waits for an answer` : safe`closed without an answer`;
}

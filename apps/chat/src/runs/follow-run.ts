/** Follows a run that another process drives, or that has ended. */
import type { AssistantMessage } from "@orch/agents";
import { textOf } from "@orch/agents";
import type { RuntimeConfiguration } from "@orch/chat-runtime";
import type { OrchestrationEvent, Run } from "@orch/core";
import { InterruptedError } from "../errors/interrupted-error.ts";
import { exitCodes } from "../headless/exit-codes.ts";
import { progressLine } from "../headless/progress.ts";
import { jsonLine, writeResult } from "../headless/result.ts";
import type { StopSignal } from "../process/doors.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import { type Attachment, aboutRun, isAttended, questionAsked, tellWaiting } from "./attachment.ts";
import type { FolderRun } from "./folder-runs.ts";
import { definitionOf } from "./run-code.ts";

/** How often it is looked whether the process that drives the run is still there, in milliseconds. */
const LOOK = 500;

/** How far it came: to the exit code, or to the end of the process that drove the run. */
export interface Followed {
  readonly code?: number;
  /** The number of the next event. */
  readonly next: number;
}

/**
 * Tells the events of the run, and its result when it has ended. One that this process drives tells live events too. Rejects
 * as `attachRun` does.
 */
export async function followRun(
  run: FolderRun,
  attachment: Attachment,
  driven?: Pick<Run<unknown>, "events">,
): Promise<Followed> {
  const { runs, doors, output } = attachment;
  const kept = runs.host.run(run.run.runId);
  const watch = new Watch(run.run.runId, attachment);
  let next = attachment.from;
  try {
    for await (const event of (driven ?? kept).events({ from: next, signal: watch.signal })) {
      next = event.seq + 1;
      tell(event, attachment);
      if (event.type !== "run.waiting") continue;
      // What it waited for before may have been answered since.
      const first = (await kept.questions()).find(({ id }) => event.questions.includes(id));
      if (first === undefined) continue;
      if (!isAttended(doors)) throw questionAsked(run, first);
      tellWaiting(run, first, output);
    }
  } finally {
    watch.dispose();
  }
  if (watch.signalled !== undefined) throw new InterruptedError({ signal: watch.signalled });
  if (watch.hasLeft) return { code: exitCodes.done, next };
  if (watch.isUndriven) return { next };
  return { code: await result(run, attachment), next };
}

function tell(event: OrchestrationEvent, { flags, output }: Attachment): void {
  if (flags.output === "stream-json") output.stdout.write(jsonLine({ v: 1, ...event }));
  const line = output.stderr.isTTY ? progressLine(event) : undefined;
  if (line !== undefined) output.stderr.write(safe`${safeText(line)}\n`);
}

async function result(run: FolderRun, { runs, setup, flags, doors, output }: Attachment): Promise<number> {
  // Without its code the run is told all the same, and its output is shown as it is.
  const code = await definitionOf(run, setup).catch(() => undefined);
  const { runId: onHost, createdAt } = run.run;
  let value: unknown;
  try {
    value = await runs.host.run(onHost).result;
  } catch (error) {
    throw code !== undefined && "toError" in code && code.toError ? code.toError(error) : error;
  }
  const text = answerText(value, code);
  writeResult(
    {
      ...{ v: 1, status: "completed" },
      ...aboutRun(run),
      output: typeof value === "string" || value === undefined ? { text } : value,
      text,
      ...{ durationMs: Math.max(0, doors.clock.now() - createdAt), runId: run.id, warnings: [] },
    },
    flags.output,
    output.stdout,
  );
  return exitCodes.done;
}

function answerText(value: unknown, code: RuntimeConfiguration | undefined): string {
  const plain = typeof value === "string" ? value : (JSON.stringify(value, undefined, 2) ?? "");
  if (code === undefined || !("toMessage" in code)) return plain;
  try {
    const message: string | AssistantMessage = code.toMessage(value as never, []);
    return typeof message === "string" ? message : textOf(message);
  } catch {
    // The code is another one now than that which gave the value.
    return plain;
  }
}

/** Ends the following when a signal comes, the reader has left, or nobody drives the run any more. */
class Watch {
  signalled: StopSignal | undefined;
  hasLeft = false;
  isUndriven = false;
  readonly #end = new AbortController();
  readonly #runId: string;
  readonly #attachment: Attachment;
  readonly #listening: readonly (() => void)[];
  #timer: (() => void) | undefined;

  constructor(runId: string, attachment: Attachment) {
    const { doors, output } = attachment;
    this.#runId = runId;
    this.#attachment = attachment;
    const names: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
    this.#listening = names.map((name) =>
      doors.onSignal(name, () => {
        this.signalled = name;
        this.#end.abort();
      }),
    );
    void output.stdout.closed.then(() => {
      this.hasLeft = true;
      this.#end.abort();
    });
    this.#schedule();
  }

  get signal(): AbortSignal {
    return this.#end.signal;
  }

  dispose(): void {
    this.#timer?.();
    this.#timer = undefined;
    this.#end.abort();
    for (const off of this.#listening) off();
  }

  #schedule(): void {
    this.#timer = this.#attachment.doors.clock.after(LOOK, () => void this.#look());
  }

  async #look(): Promise<void> {
    const { host } = this.#attachment.runs;
    const run = await host.get(this.#runId).catch(() => undefined);
    if (this.#end.signal.aborted) return;
    const isOpen = run?.status === "running" || run?.status === "waiting";
    if (isOpen && run.holder === undefined) {
      this.isUndriven = true;
      this.#end.abort();
    } else this.#schedule();
  }
}

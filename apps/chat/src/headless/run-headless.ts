/** Answers one message without a screen: standard output carries the result and nothing else. */
import { agentEvents, modelName, textOf } from "@orch/agents";
import { type ChatEvent, ChatRuntime, type TurnReply, type TurnStream } from "@orch/chat-runtime";
import type { Flags, OutputFormat } from "../config/args.ts";
import { InputError } from "../errors/input-error.ts";
import { InterruptedError } from "../errors/interrupted-error.ts";
import { QuestionAskedError } from "../errors/question-asked-error.ts";
import type { Doors, StopSignal } from "../process/doors.ts";
import { agentWarning } from "../sessions/agent-warning.ts";
import { type OpenQuestion, questionsAfter } from "../sessions/open-questions.ts";
import { shortQuestionName } from "../sessions/short-id.ts";
import type { Setup } from "../setup/compose.ts";
import type { Choice, Composed } from "../setup/workshop.ts";
import { promptText } from "../terminal/prompt-text.ts";
import { safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { exitCodes } from "./exit-codes.ts";
import { keptStore, wantedSession } from "./kept-store.ts";
import type { Pipe } from "./pipe.ts";
import { progressLine } from "./progress.ts";
import { ProviderCalls } from "./provider-calls.ts";
import { type HeadlessResult, jsonLine, outputOf, writeResult } from "./result.ts";
import { startNotices } from "./start-notices.ts";

/** What to answer. */
export interface HeadlessRequest {
  readonly message: string;
  /** A typed input in place of the message, for `orch run`. */
  readonly input?: unknown;
  readonly choice: Choice;
}

/** The ways out of a headless run. */
export interface HeadlessOutput {
  readonly stdout: Pipe;
  readonly stderr: Pipe;
  /** Told what is known of the result, for the object of a run that fails. */
  readonly known: (facts: Partial<HeadlessResult>) => void;
}

/**
 * Runs one turn and writes its result. Gives the exit code.
 *
 * @throws InterruptedError (`ORCH_INTERRUPTED`) after a signal, and what the turn failed with.
 */
export async function runHeadless(
  request: HeadlessRequest,
  flags: Flags,
  setup: Setup,
  doors: Doors,
  output: HeadlessOutput,
): Promise<number> {
  output.known(request.choice);
  const composing = setup.compose(request.choice, {
    shortened: (messages) => tell(`The conversation is long: its last ${messages} messages are sent.`),
    warned: (warning) => tell(warning),
  });
  const composed = await composing.catch((error: unknown) => {
    // Settings that were skipped may be why, so they are told before what failed.
    for (const notice of setup.notices) output.stderr.write(safe`orch: ${safeText(notice)}\n`);
    output.known({ warnings: setup.notices });
    throw error;
  });
  const configuration = configurationOf(composed, request);
  const notices = await startNotices(request, setup, composed);
  const tell = (notice: string): void => {
    notices.push(notice);
    output.stderr.write(safe`orch: ${safeText(notice)}\n`);
  };
  const { store, host } = await keptStore(flags, setup, notices);
  const kept = host !== undefined;
  try {
    const sessionId = await wantedSession(flags, store, doors, notices);
    setup.onNotice((says) => output.stderr.write(safe`orch: ${safeText(says)}\n`));
    for (const notice of notices) output.stderr.write(safe`orch: ${safeText(notice)}\n`);
    const { clock, random } = doors;
    await using runtime = new ChatRuntime(configuration, {
      store,
      sessionId,
      clock,
      random,
      ...(host && { host }),
      recent: { turns: 1, tokens: (composed.tokensSent ?? Number.POSITIVE_INFINITY) + 1 },
    });
    const about = {
      ...(kept && { session: sessionId }),
      orchestration: request.choice.orchestration,
      model: modelName(composed.model.id),
    };
    output.known({ ...about, warnings: notices });
    const framing = { about, notices, format: flags.output };
    return await followTurn(runtime, () => runtime.send(request.message), framing, doors, output);
  } finally {
    await host?.close();
    await store.close();
  }
}

/** What is known before a turn, and how it is told. */
export interface Framing {
  readonly about: Pick<HeadlessResult, "session" | "orchestration" | "model">;
  readonly notices: readonly string[];
  readonly format: OutputFormat;
  /** A run that was begun elsewhere is left where it is when the program has to end, and not stopped. */
  readonly leaves?: boolean;
  /** Told of a run that waits; where it is absent the program ends then. */
  readonly waits?: (question: OpenQuestion) => void;
  /** Events before this number are not told. Default 1. */
  readonly from?: number;
}

/**
 * Follows a turn to its end and writes its result. Gives the exit code.
 *
 * @throws InterruptedError (`ORCH_INTERRUPTED`) after a signal, and what the turn failed with.
 */
export async function followTurn(
  runtime: ChatRuntime,
  begin: () => TurnStream,
  { about, notices, format, leaves = false, waits, from = 1 }: Framing,
  doors: Doors,
  { stdout, stderr, known }: HeadlessOutput,
): Promise<number> {
  const seen = new Seen(format, stdout, stderr, from);
  const began = doors.clock.now();
  const turn = begin();
  const stop = (why: string): void => void (leaves ? runtime.suspend() : turn.cancel(why));
  const signals = stopBySignal(stop, doors);
  let left = false;
  let open: readonly OpenQuestion[] = [];
  let asked: QuestionAskedError | undefined;
  void stdout.closed.then(() => {
    left = true;
    stop("nobody reads the answer");
  });
  try {
    for await (const event of turn) {
      seen.event(event);
      open = questionsAfter(open, event);
      tellSignals(event, turn.id, stderr);
      if (event.type !== "run.waiting" || open[0] === undefined) continue;
      // What it waited for in an earlier life may have been answered since.
      if (event.time < began && leaves) continue;
      if (waits !== undefined) {
        waits(open[0]);
        continue;
      }
      const { id, prompt } = open[0];
      const name = about.session === undefined ? {} : { name: shortQuestionName(turn.id, id) };
      asked = new QuestionAskedError({ question: id, prompt: promptText(prompt), ...name });
      // Where it is kept, somebody answers it later, by -c on a terminal.
      void (about.session === undefined ? turn.cancel("nobody can be asked") : runtime.suspend());
    }
    const reply = await turn.reply;
    const result: HeadlessResult = {
      v: 1,
      status: "completed",
      ...about,
      output: outputOf(reply.message, reply.value),
      text: textOf(reply.message),
      ...costsOf(reply, seen),
      ...endOf(seen, doors.clock.now() - began, notices),
    };
    writeResult(result, format, stdout);
    return exitCodes.done;
  } catch (error) {
    if (left) return exitCodes.done;
    known({ ...costsOf({}, seen), ...endOf(seen, doors.clock.now() - began, notices) });
    const signal = signals.stopped();
    throw signal === undefined ? (asked ?? error) : new InterruptedError({ signal });
  } finally {
    signals.dispose();
  }
}

/** Stops the turn at a signal; a second one ends the process, because a user who asks twice does not want to wait. */
function stopBySignal(
  stopTurn: (signal: StopSignal) => void,
  doors: Doors,
): { readonly stopped: () => StopSignal | undefined; readonly dispose: () => void } {
  let stopped: StopSignal | undefined;
  const stop = (signal: StopSignal): void => {
    if (stopped !== undefined) doors.exit(exitCodes[signal]);
    stopped = signal;
    stopTurn(signal);
  };
  const names: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  const listening = names.map((signal) => doors.onSignal(signal, () => stop(signal)));
  return {
    stopped: () => stopped,
    dispose: () => {
      for (const off of listening) off();
    },
  };
}

/** Collects the events of a turn. */
class Seen {
  readonly #from: number;
  readonly warnings: string[] = [];
  readonly providerCalls = new ProviderCalls();
  runId: string | undefined;
  usage: HeadlessResult["usage"];
  cost: number | undefined;
  readonly #format: OutputFormat;
  readonly #stdout: Pipe;
  readonly #stderr: Pipe;

  constructor(format: OutputFormat, stdout: Pipe, stderr: Pipe, from: number) {
    this.#from = from;
    this.#format = format;
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  event(event: ChatEvent): void {
    if (event.type === "run.started") this.runId ??= event.runId;
    if (event.type === "turn.completed" || event.type === "turn.failed" || event.type === "turn.cancelled") {
      this.usage = event.usage;
      this.cost = event.cost;
    }
    this.providerCalls.take(event);
    const warning = agentWarning(event);
    if (warning !== undefined && !this.warnings.includes(warning)) this.warnings.push(warning);
    if ("seq" in event && event.seq < this.#from) return;
    if (this.#format === "stream-json" && !isTold(event)) this.#stdout.write(jsonLine({ v: 1, ...event }));
    const line = this.#stderr.isTTY ? progressLine(event) : undefined;
    if (line !== undefined) this.#stderr.write(safe`${safeText(line)}\n`);
  }
}

/** What a model gave as a whole: its pieces were told before, and `agent.message` tells the message. */
function isTold(event: ChatEvent): boolean {
  if (event.type !== "state.output") return false;
  const agent = agentEvents.of(event);
  return agent?.type === "agent.model" && (agent.event.type === "part" || agent.event.type === "finish");
}

function endOf(
  { runId, warnings, providerCalls }: Seen,
  duration: number,
  notices: readonly string[],
): Pick<HeadlessResult, "durationMs" | "runId" | "warnings" | "providerCalls"> {
  const calls = providerCalls.all;
  return {
    ...(calls.length > 0 && { providerCalls: calls }),
    durationMs: Math.max(0, duration),
    ...(runId !== undefined && { runId }),
    warnings: [...notices, ...warnings],
  };
}

function costsOf(reply: Partial<TurnReply>, seen: Seen): Pick<HeadlessResult, "usage" | "cost"> {
  const { usage = seen.usage, cost = seen.cost } = reply;
  return { ...(usage !== undefined && { usage }), ...(cost !== undefined && { cost }) };
}

function configurationOf(composed: Composed, request: HeadlessRequest): Composed["configuration"] {
  const { configuration } = composed;
  if (request.input === undefined || typeof request.input === "string") return configuration;
  // An agent answers a conversation, so its input is a list of messages.
  if ("invoke" in configuration || configuration.remembers === true) {
    const problem = `the orchestration "${request.choice.orchestration}" answers a text`;
    throw new InputError({ file: "--input", problem });
  }
  const { input } = request;
  return { ...configuration, toInput: () => input };
}

/** Says which signals a run waits for: one may come from another process while this one drives the run. */
function tellSignals(event: ChatEvent, runId: string, stderr: HeadlessOutput["stderr"]): void {
  if (event.type !== "run.waiting") return;
  for (const name of event.signals ?? []) {
    const kind = visibleText(name);
    const command = safe`orch signal ${safeText(runId)} ${kind} <value>`;
    stderr.write(safe`orch: The run waits for the signal ${kind}: ${command}\n`);
  }
}

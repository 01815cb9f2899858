/** Middleware that keeps secrets from models and out of answers. */
import { agentEvents, type Message } from "@orch/agents";
import { type OrchestrationEvent, speech } from "@orch/core";
import { ABOVE, checkNumbers } from "@orch/core/doors";
import type { RuntimeMiddleware, TurnContext } from "../configurations/runtime-configuration.ts";
import { type RedactionRule, redactText, StreamRedactor } from "./stream-redactor.ts";

/** What is redacted. */
export interface RedactionOptions {
  readonly patterns: readonly RegExp[];
  /** What stands in place of a match. Default `[redacted]`. */
  readonly replace?: string | ((match: string) => string);
  /** Whether the conversation is redacted before it is answered, the answer, or both. Default `both`. */
  readonly where?: "conversation" | "answer" | "both";
  /** How many characters are held back of streamed text, so that a secret cut by a border is found. Default 256. */
  readonly longest?: number;
}

/**
 * Makes middleware that redacts the conversation before it is answered, and everything that comes back: streamed text over
 * the borders of its pieces, messages, events and the typed output. The session keeps the user's message as it was
 * written. Streamed text is at most `longest` characters late.
 */
export function redaction(options: RedactionOptions): RuntimeMiddleware {
  const { patterns, replace = "[redacted]", where = "both", longest = 256 } = options;
  checkNumbers(ABOVE, { longest });
  const plan: RedactionRule = {
    patterns: patterns.map(({ source, flags }) => new RegExp(source, `${flags.replace(/[gy]/g, "")}g`)),
    replace: typeof replace === "string" ? () => replace : replace,
    longest,
  };
  return async (turn, context, next) => {
    const asked = where === "answer" ? turn : redacted(turn, plan);
    if (where === "conversation") return next(asked, context);
    const told = new RedactedContext(context, plan);
    try {
      return redacted(await next(asked, told.context), plan);
    } finally {
      told.endAll();
    }
  };
}

/** Redacts what a configuration tells while it answers. */
class RedactedContext {
  readonly context: TurnContext;
  readonly #plan: RedactionRule;
  /** What ends the text of a path, by the path. */
  readonly #open = new Map<
    string,
    { readonly redactor: StreamRedactor; readonly tell: (text: string) => void }
  >();

  constructor(context: TurnContext, plan: RedactionRule) {
    this.#plan = plan;
    this.context = {
      ...context,
      say: (text, path) => this.#push(path, text, (told) => context.say(told, path)),
      remember: (message: Message) => {
        this.endAll();
        context.remember(redacted(message, plan));
      },
      emit: (event) => this.#emit(event, context.emit),
    };
  }

  /** Tells what was held back. */
  endAll(): void {
    for (const path of [...this.#open.keys()]) this.#end(path);
  }

  #emit(event: OrchestrationEvent, emit: TurnContext["emit"]): void {
    const text = event.type === "state.output" ? speech.of(event) : undefined;
    if (event.type === "state.output" && text !== undefined) {
      this.#push(event.path, text, (told) => emit({ ...event, data: told }));
      return;
    }
    if (endsText(event)) this.#end(event.path);
    emit(redacted(event, this.#plan));
  }

  #push(path: string, piece: string, tell: (text: string) => void): void {
    const redactor = this.#open.get(path)?.redactor ?? new StreamRedactor(this.#plan);
    this.#open.set(path, { redactor, tell });
    const text = redactor.push(piece);
    if (text !== "") tell(text);
  }

  #end(path: string): void {
    const open = this.#open.get(path);
    if (open === undefined) return;
    this.#open.delete(path);
    const rest = open.redactor.end();
    if (rest !== "") open.tell(rest);
  }
}

function endsText(event: OrchestrationEvent): event is OrchestrationEvent & { readonly path: string } {
  if (event.type === "state.output") return agentEvents.of(event)?.type === "agent.message";
  return event.type === "state.completed" || event.type === "state.failed" || event.type === "state.retrying";
}

/** Redacts every text in plain data; everything else stays the same object. */
function redacted<TValue>(value: TValue, plan: RedactionRule): TValue {
  return deep(value, plan, true) as TValue;
}

/** `ours`: the keys are Orch's own, and not those of a tool's or a user's data. */
function deep(value: unknown, plan: RedactionRule, ours: boolean): unknown {
  if (typeof value === "string") return redactText(value, plan);
  if (Array.isArray(value)) return value.map((one) => deep(one, plan, ours));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      ours && KEPT.has(key) ? one : deep(one, plan, ours && !FOREIGN.has(key)),
    ]),
  );
}

/** Names and addresses that others look up; a changed one would be found by nobody. */
const KEPT: ReadonlySet<string> = new Set(["id", "type", "role", "runId", "path", "question", "opaque"]);

/** Where data of tools and users begins. */
const FOREIGN: ReadonlySet<string> = new Set(["input", "output", "value", "prompt", "args", "arguments"]);

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const parent: unknown = Object.getPrototypeOf(value);
  return parent === Object.prototype || parent === null;
}

/** Makes spans with the OpenTelemetry API that the user gives; nothing of it is loaded here. */

import type { Attributes, Context, Span, TimeInput, Tracer } from "@opentelemetry/api";
import { cutText } from "../../platform/cut-text.ts";
import { plainJson } from "../../platform/plain-json.ts";
import { redact } from "../../platform/redact.ts";
import { ATTR } from "./conventions.ts";

/** The part of `@opentelemetry/api` that is used: give the module itself. */
export interface OtelApi {
  readonly trace: {
    readonly getTracer: (name: string, version?: string) => Tracer;
    readonly setSpan: (context: Context, span: Span) => Context;
  };
  readonly ROOT_CONTEXT: Context;
}

/** `SpanKind` of the API, whose values are part of its contract. */
const KIND = { internal: 0, client: 2 } as const;
/** `SpanStatusCode` of the API. */
const ERROR = 2;

/** The longest content that is written, in characters. */
const LONGEST = 8_000;

/** A span that is open, and the context of what happens in it. */
export interface OpenSpan {
  readonly span: Span;
  readonly context: Context;
}

/** Starts and ends spans, by the times of events and under explicit parents. */
export class SpanKit {
  /** Whether the texts of messages may be written into spans. */
  readonly content: boolean;
  readonly #api: OtelApi;
  readonly #tracer: Tracer;
  readonly #secrets: readonly string[];

  constructor(api: OtelApi, content: boolean, secrets: readonly string[]) {
    this.#api = api;
    this.content = content;
    this.#secrets = secrets;
    this.#tracer = api.trace.getTracer("@orch/agents");
  }

  /** `time` is in milliseconds since the epoch. */
  start(
    name: string,
    parent: Context,
    time: number,
    attributes: Attributes,
    kind: keyof typeof KIND = "internal",
  ): OpenSpan {
    const options = { kind: KIND[kind], startTime: instant(time), attributes };
    const span = this.#tracer.startSpan(name, options, parent);
    return { span, context: this.#api.trace.setSpan(parent, span) };
  }

  end({ span }: OpenSpan, time: number): void {
    span.end(instant(time));
  }

  event({ span }: OpenSpan, name: string, time: number, attributes: Attributes): void {
    span.addEvent(name, attributes, instant(time));
  }

  /** Marks a span as failed. `says` may hold what users or models said, so it is written only with content. */
  fail({ span }: OpenSpan, type: string, says: string | undefined): void {
    span.setAttribute(ATTR.errorType, type);
    span.setStatus({ code: ERROR, message: this.content && says ? this.text(says) : type });
  }

  /** A value as an attribute, if content may be written. */
  said(key: string, value: unknown): Attributes {
    if (!this.content || value === undefined) return {};
    return { [key]: this.text(typeof value === "string" ? value : JSON.stringify(plainJson(value) ?? null)) };
  }

  text(value: string): string {
    return cutText(redact(value, this.#secrets), LONGEST);
  }
}

/** A time as seconds and nanoseconds. The API does not read a small number as time since the epoch. */
function instant(ms: number): TimeInput {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)];
}

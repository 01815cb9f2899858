/** Turns events into OpenTelemetry spans, as they happen. */
import type { Context } from "@opentelemetry/api";
import type { Clock, OrchestrationEvent } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import type { AgentEvent } from "../../words/events.ts";
import { AgentTrace } from "./agent-trace.ts";
import { RunTrace } from "./run-trace.ts";
import { type OtelApi, SpanKit } from "./span-kit.ts";

/** How traces are made. */
export interface TraceOptions {
  /**
   * Whether what users, models and tools said is written into the spans, with keys taken out. Default false: names,
   * times, counts and kinds of failures only.
   */
  readonly content?: boolean;
  /** Texts that are never written, such as a key in use. */
  readonly secrets?: readonly string[];
  /** What the runs are a part of. Default: nothing; each run is a trace of its own. */
  readonly parent?: Context;
  /** Times the events of agents that run by themselves, which carry no time. Default: the machine's. */
  readonly clock?: Clock;
}

/** Listeners that make spans. */
export interface EventTracing {
  /** Listens to the events of any number of orchestration runs, like `orchestration.on("*", tracing.run)`. */
  readonly run: (event: OrchestrationEvent) => void;
  /** Makes a listener for one run of an agent by itself, as `runAgent`'s `onEvent`. */
  readonly agent: () => (event: AgentEvent) => void;
}

/**
 * Makes listeners that turn events into spans: one trace per run, with its states, agents, model calls and
 * tools inside each other. It uses the OpenTelemetry API that it is given; what becomes of the spans is for
 * the SDK that you set up, and without one nothing happens.
 *
 * @example
 * ```ts
 * import * as api from "@opentelemetry/api";
 *
 * const tracing = traceEvents(api);
 * research.on("*", tracing.run);
 * await runAgent(helper, "Hello", { onEvent: tracing.agent() });
 * ```
 */
export function traceEvents(api: OtelApi, options: TraceOptions = {}): EventTracing {
  const { content = false, secrets = [], parent = api.ROOT_CONTEXT, clock = systemClock } = options;
  const kit = new SpanKit(api, content, secrets);
  const runs = new Map<string, RunTrace>();
  return {
    run: (event) => {
      if (event.type === "run.started") runs.set(event.runId, new RunTrace(kit, parent, event));
      const over = runs.get(event.runId)?.on(event);
      if (over) runs.delete(event.runId);
    },
    agent: () => {
      const trace = new AgentTrace(kit, parent);
      return (event) => trace.on(event, clock.now());
    },
  };
}

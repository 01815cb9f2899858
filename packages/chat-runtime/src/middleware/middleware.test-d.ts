/** What the compiler must know about configurations and middleware; `tsc` fails when a line marked as an error compiles. */
import type { Agent } from "@orch/agents";
import {
  agentRuntime,
  concurrentRuntime,
  type OrchestrationConfiguration,
  type RuntimeMiddleware,
  rateLimit,
  routedRuntime,
  withMiddleware,
} from "../index.ts";

declare const assistant: Agent;

// A wrapped configuration stays what it is: its graph can be drawn.
const wrapped: OrchestrationConfiguration = withMiddleware(agentRuntime(assistant), rateLimit({ turns: 1 }));
void wrapped.orchestration.graph;

const layer: RuntimeMiddleware = (turn, context, next) => next(turn, context);
void layer;

// @ts-expect-error a layer gives a reply
const silent: RuntimeMiddleware = () => undefined;
void silent;

// @ts-expect-error how many turns has to be said
rateLimit({ interval: 1 });

// @ts-expect-error somebody has to make one answer of several
concurrentRuntime([assistant], {});

// @ts-expect-error a route is a configuration
routedRuntime({ routes: { talk: assistant } });

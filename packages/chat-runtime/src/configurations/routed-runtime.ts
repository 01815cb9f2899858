/** Several configurations, of which the one that fits answers. */
import { type Agent, type AssistantMessage, agentRunnable, type Message } from "@orch/agents";
import { orchestration, type RunContext, runnable } from "@orch/core";
import { ConversationMissingError } from "../errors/conversation-missing-error.ts";
import { RouteUnknownError } from "../errors/route-unknown-error.ts";
import { RuntimeSetupError } from "../errors/runtime-setup-error.ts";
import { finishingStates } from "./finishing-states.ts";
import type { OrchestrationConfiguration, Turn } from "./runtime-configuration.ts";
import { stoppedAgentOf } from "./stopped-agent.ts";

/** Chooses a route by its name; `undefined` is the fallback. */
export type RouteRule = (turn: Turn) => string | undefined | Promise<string | undefined>;

/** Where messages go, and who says so. */
export interface RoutedRuntimeOptions {
  /** Shown on screen and stored with each turn. Default `routed`. */
  readonly name?: string;
  /** What may answer, by name. A message that begins with `/name` goes there, without that word. */
  readonly routes: { readonly [route: string]: OrchestrationConfiguration };
  /** Chooses for a message without a command: a rule, or an agent whose answer is the name of a route. Default: the fallback. */
  readonly choose?: RouteRule | Agent<string>;
  /** The route of a message that nothing chose for. Default: the first. */
  readonly fallback?: string;
}

/** What goes through the orchestration: plain data. */
interface Routed {
  readonly route: string;
  readonly value: unknown;
}

/**
 * Makes a runtime configuration that sends each message to the configuration that fits: by a command, by a rule or by a
 * model's choice. The states of that one speak as they do alone. Middleware of a route is not taken over: wrap the whole.
 *
 * A turn fails with RouteUnknownError (`ORCH_ROUTE_UNKNOWN`) when `choose` names a route that does not exist.
 *
 * @throws RuntimeSetupError (`ORCH_RUNTIME_SETUP`) for no routes, a route with middleware, or a fallback that is none of them.
 *
 * @example
 * ```ts
 * const runtime = new ChatRuntime(routedRuntime({
 *   routes: { talk: agentRuntime(talker), research: orchestrationRuntime(research, fit) },
 *   choose: ({ text }) => (text.endsWith("?") ? "research" : "talk"),
 * }));
 * ```
 */
export function routedRuntime(options: RoutedRuntimeOptions): OrchestrationConfiguration {
  const { name = "routed", routes, fallback = Object.keys(routes)[0] ?? "" } = options;
  checkRoutes(name, routes, fallback);
  const held = new Map<string, Turn>();
  const names = Object.keys(routes);
  const asked = typeof options.choose === "object" ? chooser(options.choose, names, held) : undefined;
  const rule = typeof options.choose === "function" ? options.choose : undefined;
  const choose = runnable("choose", async (turnId: string, context: RunContext): Promise<Routed> => {
    const turn = turnOf(held, turnId);
    const commanded = commandOf(turn.text, names);
    const chosen = commanded ?? (asked ? await asked(turnId, context) : await rule?.(turn)) ?? fallback;
    const route = routes[names.includes(chosen) ? chosen : ""];
    if (route === undefined) throw new RouteUnknownError({ route: chosen, routes: names });
    const input = route.toInput(withoutCommand(turn, commanded));
    return { route: chosen, value: input };
  });
  const answered = runnable("answered", (routed: Routed) => routed);
  const flow = orchestration<string, Routed>("routed", (o) => {
    const started = o.start(choose);
    for (const route of names) {
      const inner = routes[route]!.orchestration;
      started.advance(choose, inner, {
        when: (one) => one.route === route,
        convert: ({ value }) => value as never,
        label: route,
      });
      started.advance(inner, answered, { convert: (value) => ({ route, value }) });
    }
    return started.finish(answered);
  });
  const ways = waysOf(routes);
  return {
    name,
    orchestration: flow,
    toInput: (turn) => {
      held.set(turn.id, turn);
      // A run that goes on in another process does not choose again, so each route that holds something does so from the start.
      const asked = withoutCommand(turn, commandOf(turn.text, names));
      for (const route of names) if (routes[route]!.release) routes[route]!.toInput(asked);
      return turn.id;
    },
    release: (turn) => {
      held.delete(turn.id);
      for (const route of names) routes[route]!.release?.(turn);
    },
    toMessage: ({ route, value }: Routed, said: readonly Message[]): string | AssistantMessage =>
      routes[route]!.toMessage(value as never, said),
    speaks: (path, state) => {
      const [way, inner] = insideOf(path, ways);
      return way?.speaks?.(inner, state) === true;
    },
    remembers: (path) => {
      const [way, inner] = insideOf(path, ways);
      return typeof way?.remembers === "function" ? way.remembers(inner) : way?.remembers === true;
    },
    toError: stoppedAgentOf,
  };
}

function checkRoutes(configuration: string, routes: RoutedRuntimeOptions["routes"], fallback: string): void {
  if (Object.keys(routes).length === 0) {
    throw new RuntimeSetupError({ configuration, problem: "it has no routes" });
  }
  if (!Object.hasOwn(routes, fallback)) {
    throw new RuntimeSetupError({
      configuration,
      problem: `its fallback "${fallback}" is none of its routes`,
    });
  }
  for (const [route, { around }] of Object.entries(routes)) {
    if (around === undefined) continue;
    const problem = `its route "${route}" has middleware of its own; wrap the whole`;
    throw new RuntimeSetupError({ configuration, problem });
  }
}

/** The routes by the ids of their orchestrations. */
function waysOf(routes: RoutedRuntimeOptions["routes"]): ReadonlyMap<string, OrchestrationConfiguration> {
  return new Map(
    Object.values(routes).map((way) => {
      const { orchestration, speaks = finishingStates(orchestration.graph) } = way;
      return [orchestration.id, { ...way, speaks }];
    }),
  );
}

/** Asks an agent for the name of a route. */
function chooser(
  agent: Agent<string>,
  names: readonly string[],
  held: ReadonlyMap<string, Turn>,
): (turnId: string, context: RunContext) => Promise<string> {
  const state = agentRunnable<string, string>(agent, {
    toInput: (turnId) => [...turnOf(held, turnId).history, turnOf(held, turnId).message],
  });
  return async (turnId, context) => {
    const said = (await state.invoke(turnId, context)).trim();
    return names.find((one) => one.toLowerCase() === said.toLowerCase()) ?? said;
  };
}

function turnOf(held: ReadonlyMap<string, Turn>, id: string): Turn {
  const turn = held.get(id);
  if (turn === undefined) throw new ConversationMissingError({ turnId: id });
  return turn;
}

function commandOf(text: string, names: readonly string[]): string | undefined {
  const word = /^\/(\S+)(?:\s|$)/.exec(text)?.[1];
  return word !== undefined && names.includes(word) ? word : undefined;
}

function withoutCommand(turn: Turn, command: string | undefined): Turn {
  if (command === undefined) return turn;
  const cut = (text: string): string => text.slice(command.length + 1).trimStart();
  const at = turn.message.content.findIndex(({ type }) => type === "text");
  const content = turn.message.content.map((part, index) =>
    index === at && part.type === "text" ? { ...part, text: cut(part.text) } : part,
  );
  return { ...turn, message: { ...turn.message, content }, text: cut(turn.text) };
}

/** The route that a path is in, and the path as that route knows it. */
function insideOf(
  path: string,
  ways: ReadonlyMap<string, OrchestrationConfiguration>,
): readonly [OrchestrationConfiguration | undefined, string] {
  const [, first = "", ...rest] = path.split("/");
  const id = first.replace(/#\d+$/, "");
  return [ways.get(id), [id, ...rest].join("/")];
}

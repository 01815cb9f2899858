/** A turn that goes on with a fork of the run of an earlier one. */
import type { UserMessage } from "@orch/agents";
import type { Run } from "@orch/core";
import type { ForkOptions } from "@orch/core/host";
import type {
  RunHost,
  RuntimeConfiguration,
  Turn,
  TurnContext,
} from "../configurations/runtime-configuration.ts";
import { RuntimeSetupError } from "../errors/runtime-setup-error.ts";
import { conversationOf, type TurnApart } from "../session/conversation-of.ts";
import type { TurnRecord } from "../session/session-store.ts";

/** Where a fork of a turn's run begins, as for `host.fork`: before a state or after it, and what that state is given instead. */
export type TurnFork = Pick<ForkOptions, "before" | "after" | "input" | "output">;

/** The label of a forked turn: the id of the turn whose conversation its run refers to. */
const ORIGIN = "forkOf";

/**
 * What answers a forked turn: its run refers to the conversation of the turn that it comes from, and so that one is held,
 * as it was then. Any other turn is answered by the configuration as it is.
 */
export function forkedConfiguration(
  configuration: RuntimeConfiguration,
  origin: string | undefined,
  turns: readonly TurnRecord[],
): RuntimeConfiguration {
  if (origin === undefined || "invoke" in configuration) return configuration;
  const at = turns.findIndex(({ id }) => id === origin);
  const then = (turn: Turn): Turn => ({
    ...turn,
    id: origin,
    ...(at >= 0 && { history: conversationOf(turns.slice(0, at)) }),
  });
  const { toInput, release, labels } = configuration;
  return {
    ...configuration,
    labels: { ...labels, [ORIGIN]: origin },
    toInput: (turn) => toInput(then(turn)),
    ...(release && { release: (turn: Turn) => release(then(turn)) }),
  };
}

/** What a turn goes on from that was begun before. */
export interface TurnSource extends Pick<TurnContext, "before" | "run"> {
  readonly origin?: string;
}

/** The same of a turn that is tried again. */
export function fromRecord(turn: TurnApart): TurnSource {
  const origin = originOf(turn);
  return { before: turn.status, ...(origin !== undefined && { origin }) };
}

/** The turn that a turn is a fork of, over all forks in between; absent for one that is none. */
export function originOf({ labels }: Pick<TurnRecord, "labels">): string | undefined {
  return labels?.[ORIGIN];
}

/**
 * Starts the fork of a turn's run under the id of a new turn. Its conversation is held from now on.
 *
 * @throws RuntimeSetupError (`ORCH_RUNTIME_SETUP`) where runs are not kept; what `host.fork` throws.
 */
export async function forkRun(
  configuration: RuntimeConfiguration,
  source: TurnRecord,
  id: string,
  place: TurnFork,
  host: RunHost | undefined,
): Promise<Run<unknown>> {
  const fork = host?.fork?.bind(host);
  if (fork === undefined || "invoke" in configuration) {
    const problem = "a turn can be forked only where an orchestration answers on a host that keeps runs";
    throw new RuntimeSetupError({ configuration: configuration.name, problem });
  }
  const turn = heldTurn(source);
  configuration.toInput(turn);
  try {
    return await fork(configuration.orchestration, source.id, { ...place, runId: id, onUnheard: false });
  } catch (error) {
    configuration.release?.(turn);
    throw error;
  }
}

function heldTurn({ id, messages: [first] }: TurnRecord): Turn {
  const message = first as UserMessage;
  return { id, history: [], message, text: "" };
}

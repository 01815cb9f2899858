/** Which chat a turn belongs to stands in its record, so that another process lets the right one go on with it. */
import type { RuntimeConfiguration, TurnRecord } from "@orch/chat-runtime";

/** The label of a turn that has the public name of its chat. */
const LABEL = "servedChat";

/** The same configuration, whose turns say which chat they belong to. */
export function servedConfiguration(configuration: RuntimeConfiguration, chat: string): RuntimeConfiguration {
  const labels = { ...configuration.labels, [LABEL]: chat };
  if (!("invoke" in configuration)) return { ...configuration, labels };
  // Code may be an object of a class, whose functions a copy does not have.
  const { name, around } = configuration;
  return {
    name,
    labels,
    ...(around && { around }),
    invoke: (turn, context) => configuration.invoke(turn, context),
  };
}

/** The chat of a turn; `undefined` for a turn that no server has begun. */
export function chatOf({ labels }: Pick<TurnRecord, "labels">): string | undefined {
  return labels?.[LABEL];
}

/** What answered an earlier turn, and may answer the next one. */
import type { TurnRecord } from "@orch/chat-runtime";
import type { InteractiveContext } from "../sessions/interactive-context.ts";

interface Names {
  readonly orchestration: string;
  readonly model: string;
}

/**
 * What answered a turn, as far as it is there and this start named nothing else: a conversation goes on as it was. Where
 * that is what answers anyway, `undefined`.
 */
export function answeredBefore(
  { labels = {}, configuration }: Pick<TurnRecord, "labels" | "configuration">,
  present: Names,
  { named, orchestrations }: Pick<InteractiveContext, "named" | "orchestrations">,
): Names | undefined {
  const wished = labels["orchestration"] ?? configuration;
  const isThere = !named.orchestration && orchestrations.some(({ name }) => name === wished);
  const orchestration = isThere ? wished : present.orchestration;
  const model = named.model ? present.model : (labels["model"] ?? present.model);
  const isSame = orchestration === present.orchestration && model === present.model;
  return isSame ? undefined : { orchestration, model };
}

/** What a client may choose for a conversation: the orchestration that answers, and the model. */
import type { SessionConfigOption, SessionModeState } from "@agentclientprotocol/sdk";
import { descriptions, type Setup } from "../setup/compose.ts";
import { modelsOf } from "../setup/models-of.ts";
import type { Choice } from "../setup/workshop.ts";

/** The options by their ids. */
export const OPTIONS = { orchestration: "orchestration", model: "model" } as const;

/** What a client may choose, with what is chosen. */
export interface SessionOptions {
  readonly configOptions: SessionConfigOption[];
  readonly modes: SessionModeState;
}

/** The options as a client draws them. Clients of before know modes: the orchestrations are these too. */
export function sessionOptions(setup: Setup, { orchestration, model }: Choice): SessionOptions {
  const orchestrations = setup.orchestrations.map((name) => {
    const description = setup.config.config.orchestrations?.[name]?.description ?? descriptions[name];
    return { name, ...(description !== undefined && { description }) };
  });
  const models = [...new Set([model, ...modelsOf(setup).map(({ id }) => id)])];
  return {
    modes: {
      currentModeId: orchestration,
      availableModes: orchestrations.map((one) => ({ id: one.name, ...one })),
    },
    configOptions: [
      {
        type: "select",
        id: OPTIONS.orchestration,
        name: "Orchestration",
        description: "What answers the next message.",
        category: "mode",
        currentValue: orchestration,
        options: orchestrations.map((one) => ({ value: one.name, ...one })),
      },
      {
        type: "select",
        id: OPTIONS.model,
        name: "Model",
        category: "model",
        currentValue: model,
        options: models.map((name) => ({ value: name, name })),
      },
    ],
  };
}

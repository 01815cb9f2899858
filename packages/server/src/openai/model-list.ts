import type { JsonSchema } from "@orch/core";
import type { DoorCall } from "../words/door.ts";

/** What answers under the name of a model: a chat, or an orchestration of which each message starts a run. */
export type ServedModel =
  | { readonly kind: "chat"; readonly id: string; readonly description?: string }
  | {
      readonly kind: "orchestration";
      readonly id: string;
      readonly description?: string;
      readonly input?: JsonSchema;
    };

/** Every model, chats first. A chat hides an orchestration of its name. */
export function servedModels({
  runs,
  conversations,
}: Pick<DoorCall, "runs" | "conversations">): readonly ServedModel[] {
  const chats = conversations.chats.map(
    ({ name, description }): ServedModel => ({ kind: "chat", id: name, ...(description && { description }) }),
  );
  const names = new Set(chats.map(({ id }) => id));
  const others = runs.orchestrations.filter(({ name }) => !names.has(name));
  return [
    ...chats,
    ...others.map(
      ({ name, description, input }): ServedModel => ({
        kind: "orchestration",
        id: name,
        ...(description && { description }),
        ...(input && { input }),
      }),
    ),
  ];
}

/** A model as `/v1/models` shows it. */
export function modelObject({ id, description }: ServedModel): object {
  return { id, object: "model", created: 0, owned_by: "orch", ...(description && { description }) };
}

import { nearestName } from "@orch/agents";
import type { CompletionValue } from "../input/completion.ts";
import { safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import { choiceEntry } from "./choice-entry.ts";
import type { Command, Desk } from "./command.ts";
import { graphStates } from "./graph-states.ts";
import { pairLines } from "./pair-lines.ts";

/** The word that takes a choice for a state back. */
const BACK = "default";

type ModelDesk = Pick<
  Desk,
  "print" | "model" | "models" | "graph" | "stateModels" | "change" | "changeState" | "orchestration"
>;

/** `/model [provider/model]`, `/model STATE provider/model`, `/model STATE default` */
export function modelCommand(desk: ModelDesk): Command {
  return {
    name: "model",
    usage: "/model [state] [provider/model | default]",
    description: "choose the model, for all states or for one",
    when: "idle",
    values: () => [...modelValues(desk), ...stateValues(desk)],
    run: async (argument) => {
      const [first = "", second, surplus] = argument.split(/\s+/);
      if (first === "") showModels(desk);
      else if (surplus !== undefined)
        desk.print(noticeEntry(safe`/model provider/model, or /model <state> provider/model`, "warning"));
      else if (second !== undefined) await changeState(desk, first, second);
      else if (stateFor(desk, first) !== undefined) showState(desk, first);
      else await desk.change({ model: first });
    },
  };
}

function modelValues({ models }: ModelDesk): readonly CompletionValue[] {
  return models.map(({ id, description }) => ({
    value: id,
    ...(description !== undefined && { description }),
  }));
}

/** Each state with each model: what is typed chooses among them. */
function stateValues(desk: ModelDesk): readonly CompletionValue[] {
  return statesOf(desk).flatMap((state) => [
    ...desk.models.map(({ id }) => ({ value: `${state} ${id}` })),
    ...(Object.hasOwn(desk.stateModels, state) ? [{ value: `${state} ${BACK}` }] : []),
  ]);
}

function showModels(desk: ModelDesk): void {
  desk.print(
    choiceEntry(
      modelValues(desk),
      desk.model,
      "/model <provider/model> chooses; /model <state> <provider/model> for one state.",
    ),
  );
  const rows = Object.entries(desk.stateModels).map(([state, model]) => [`state ${state}`, model] as const);
  if (rows.length > 0) desk.print((style) => pairLines(rows, style, 20));
}

function showState(desk: ModelDesk, state: string): void {
  const present = desk.stateModels[state] ?? desk.model;
  desk.print(
    choiceEntry(
      modelValues(desk),
      present,
      `/model ${state} <provider/model> chooses; ${BACK} takes it back.`,
    ),
  );
}

async function changeState(desk: ModelDesk, named: string, model: string): Promise<void> {
  const state = stateFor(desk, named);
  if (state === undefined) {
    const known = statesOf(desk);
    const nearest = nearestName(named, known);
    const hint =
      nearest === undefined
        ? safe`There are ${safeText(known.join(", "))}.`
        : safe`Did you mean ${safeText(nearest)}?`;
    const none = safe`What answers has no states that are known.`;
    const text = safe`${safeText(desk.orchestration)} has no state ${visibleText(named)}. ${known.length === 0 ? none : hint}`;
    desk.print(noticeEntry(text, "warning"));
    return;
  }
  await desk.changeState(state, model === BACK ? undefined : model);
}

/** The state of that name or place, `search` or `searchAll/search`. A state whose model was chosen may be gone since. */
function stateFor(desk: ModelDesk, named: string): string | undefined {
  const known = [...statesOf(desk), ...Object.keys(desk.stateModels)];
  return known.some((state) => state === named || state.endsWith(`/${named}`)) ? named : undefined;
}

function statesOf({ graph }: ModelDesk): readonly string[] {
  return graph === undefined ? [] : graphStates(graph);
}

/** How a model is told which tool to call, for servers that know only a part of `tool_choice`. */
import type { ChatCompletionToolChoiceOption } from "openai/resources/chat/completions";
import type { ModelRequest, ToolSpec } from "../../words/model.ts";
import type { Compat } from "./compat.ts";

type Choice = NonNullable<ModelRequest["toolChoice"]>;

/** Whether the choice can be said as it is. */
export function saysChoice(choice: Choice | undefined, { toolChoice }: Compat): boolean {
  if (choice === undefined || choice === "auto" || choice === "none") return true;
  return toolChoice === "any" || (toolChoice === "unnamed" && choice === "required");
}

/** The tools that are offered: where the choice cannot be said, none, or the one that is meant. */
export function offered(
  tools: readonly ToolSpec[] = [],
  choice: Choice | undefined,
  compat: Compat,
): readonly ToolSpec[] {
  if (choice === "none" && compat.toolChoice === "auto") return [];
  if (typeof choice !== "object" || saysChoice(choice, compat)) return tools;
  const meant = tools.filter(({ name }) => name === choice.name);
  return meant.length > 0 ? meant : tools;
}

/** The field of the body; without it the model decides. */
export function chosen(
  choice: Choice,
  compat: Compat,
): { readonly tool_choice?: ChatCompletionToolChoiceOption } {
  if (typeof choice === "object") {
    if (saysChoice(choice, compat))
      return { tool_choice: { type: "function", function: { name: choice.name } } };
    return compat.toolChoice === "unnamed" ? { tool_choice: "required" } : {};
  }
  return saysChoice(choice, compat) ? { tool_choice: choice } : {};
}

/** What an agent's tools do, as it may leave the process. */
import { type AgentEvent, agentEvents } from "@orch/agents";
import type { StateOutput } from "@orch/core";
import type { PublicToolCompleted, PublicToolProgress, PublicToolStarted } from "../words/public-event.ts";
import { publicJson } from "./public-json.ts";

type WithoutPlace<TEvent> = TEvent extends unknown
  ? Omit<TEvent, "id" | "number" | "time" | "path" | "state">
  : never;

/** A tool's event before it has its place. */
export type ToolEvent = WithoutPlace<PublicToolStarted | PublicToolProgress | PublicToolCompleted>;

/** The tool's event in live data of a state; `undefined` for anything else an agent does. */
export function toolEventOf(output: StateOutput): ToolEvent | undefined {
  const event = agentEvents.of(output);
  return event && toolEvent(event, "");
}

function toolEvent(event: AgentEvent, within: string): ToolEvent | undefined {
  switch (event.type) {
    case "tool.started":
      return {
        type: "tool.started",
        call: within + event.id,
        tool: event.name,
        input: publicJson(event.input) ?? null,
      };
    case "tool.progress":
      return {
        type: "tool.progress",
        call: within + event.id,
        tool: event.name,
        data: publicJson(event.data) ?? null,
      };
    case "tool.completed": {
      const { id, name, result, duration } = event;
      const failed = result.isError === true || result.denied === true;
      const shown = publicJson(result.output) ?? null;
      return { type: "tool.completed", call: within + id, tool: name, result: shown, failed, duration };
    }
    case "agent.nested":
      return toolEvent(event.event, `${event.path}/`);
    default:
      return undefined;
  }
}

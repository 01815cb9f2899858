/** Tells a person at the terminal what is going on, on standard error. */
import type { ChatEvent } from "@orch/chat-runtime";
import { failureReason } from "../errors/failure-words.ts";
import { promptText } from "../terminal/prompt-text.ts";
import { safeText } from "../terminal/safe-text.ts";
import { cameText, waitText } from "../terminal/wait-text.ts";

/** The line for an event, if it is worth one. */
export function progressLine(event: ChatEvent): string | undefined {
  switch (event.type) {
    case "state.started":
      return depthOf(event.path) > 1 ? undefined : `◐ ${safeText(event.state)}`;
    case "state.completed":
      return depthOf(event.path) > 1 ? undefined : `● ${safeText(event.state)} ${seconds(event.duration)}`;
    case "state.retrying":
      return `↻ ${safeText(event.state)}: again in ${seconds(event.delay)}, because ${safeText(failureReason(event.error))}`;
    case "question.asked":
      return `⏸ ${safeText(event.state)} asks: ${promptText(event.prompt).replaceAll("\n", " ")}`;
    case "state.waiting":
      return `⏸ ${safeText(event.state)} ${waitText(event)}`;
    case "signal.received":
      return `● ${cameText(event)}`;
    case "state.failed":
      return event.cancelled ? undefined : `✕ ${safeText(event.state)} ${seconds(event.duration)}`;
    default:
      return undefined;
  }
}

/** States inside of states are not told one by one. */
function depthOf(path: string): number {
  return path.split("/").length - 1;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

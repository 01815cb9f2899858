/** The chat that the door for AI SDK UI is tried with: it plans, searches side by side, asks, and writes a report in pieces. */
import { orchestrationRuntime, type RuntimeConfiguration } from "@orch/chat-runtime";
import { each, orchestration, question, runnable, speech } from "@orch/core";
import { z } from "zod";

/** What the report says when it was approved. */
export const REPORT = "# Tides\n\nThe moon pulls, and the sea follows.";

/** Waits until the test lets the run of a turn go on. `place` is `search` or `report`. */
export type PlaceGate = (place: string, signal: AbortSignal) => Promise<void>;

/** Makes the chat. A message that begins with "fail" fails. */
export function reportChat(gate: PlaceGate): RuntimeConfiguration {
  const plan = runnable("plan", (topic: string) => {
    if (topic.startsWith("fail")) throw new TypeError("cannot read /etc/passwd");
    return [`${topic} today`, `${topic} tomorrow`];
  });
  const search = runnable("search", async (query: string, ctx) => {
    await gate("search", ctx.signal);
    return `found ${query}`;
  });
  const approve = question("approve", {
    ask: (found: readonly string[]) => `Write a report from ${found.length} findings?`,
    answer: z.boolean(),
  });
  const style = question("style", { ask: () => "In which style?", answer: z.string() });
  const report = runnable("report", async (_: string, ctx) => {
    ctx.emit(speech, REPORT.slice(0, 9));
    await gate("report", ctx.signal);
    ctx.emit(speech, REPORT.slice(9));
    return REPORT;
  });
  const leave = runnable("leave", (_: boolean, ctx) => {
    ctx.emit(speech, "Left alone.");
    return "Left alone.";
  });
  const searches = each("searches", search);
  const flow = orchestration("research", (o) =>
    o
      .start(plan)
      .advance(plan, searches)
      .advance(searches, approve)
      .advance(approve, style, { when: (yes) => yes, convert: () => undefined, label: "approved" })
      .advance(approve, leave)
      .advance(style, report)
      .finish(report, leave),
  );
  return orchestrationRuntime(flow, { toInput: ({ text }) => text, toMessage: (text) => text });
}

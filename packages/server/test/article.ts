/** The orchestration that every door is tried with: it writes a text, asks, and publishes. */
import { type Orchestration, orchestration, question, runnable, speech } from "@orch/core";
import { z } from "zod";

/** Opens when the test lets a text go on: in the middle of it. `at` is the state that says it. */
export type Gate = (runId: string, signal: AbortSignal, at: "draft" | "publish") => Promise<void>;

export const PIECES = ["Once ", "upon ", "a ", "time."];
/** What the first state says in all, and the answer of the run that was approved. */
export const DRAFT: string = PIECES.join("");
export const PUBLISHED = `Published: ${DRAFT}`;

/**
 * `article`: its first state says half of its text, waits at the gate, says the rest; then a person is asked, and the last
 * state says the answer, with a gate in it too. A `topic` that begins with "fail" fails instead, with words that nobody may read.
 */
export function articleWith(gate: Gate): Orchestration<{ topic: string }, string> {
  const draft = runnable("draft", async ({ topic }: { topic: string }, ctx) => {
    for (const piece of PIECES.slice(0, 2)) ctx.emit(speech, piece);
    await gate(ctx.runId, ctx.signal, "draft");
    if (topic.startsWith("fail")) throw new TypeError("cannot read /etc/passwd with sk-0123456789abcdef");
    for (const piece of PIECES.slice(2)) ctx.emit(speech, piece);
    ctx.spend({ inputTokens: 3, outputTokens: 4, cost: 0.01 });
    return DRAFT;
  });
  const approve = question("approve", {
    ask: (text: string) => `Publish "${text}"?`,
    answer: z.boolean(),
    keepInput: true,
  });
  const publish = runnable("publish", async ({ input, answer }: { input: string; answer: boolean }, ctx) => {
    const text = answer ? `Published: ${input}` : "Kept back.";
    ctx.emit(speech, text.slice(0, 5));
    await gate(ctx.runId, ctx.signal, "publish");
    ctx.emit(speech, text.slice(5));
    return text;
  });
  return orchestration("article", (o) =>
    o.start(draft).advance(draft, approve).advance(approve, publish).finish(publish),
  );
}

/** What an input has to look like. */
export const articleInput = z.object({ topic: z.string().min(1).max(1000) });

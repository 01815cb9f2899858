/** Values that many states share: declared once, typed everywhere, and gone with the run. */
import { each, orchestration, runnable, sharedState } from "@orch/core";
import { z } from "zod";

const memory = sharedState("memory", {
  language: { start: "en", schema: z.enum(["en", "pt"]) },
  // Branches that run side by side may all add; what `reduce` makes of it does not depend on who was first.
  sources: { start: [] as readonly string[], reduce: (all, more) => [...all, ...more].toSorted() },
  words: { start: 0, reduce: (all, more) => all + more },
});

const detect = runnable("detect", (question: string, ctx) => {
  if (question.startsWith("Onde")) ctx.state(memory).set("language", "pt");
  return question.split(" ");
});
const look = runnable("look", async (word: string, ctx) => {
  const { add } = ctx.state(memory);
  add("words", 1);
  if (word.length > 4) add("sources", [`${word}.md`]);
});
const lookAll = each("lookAll", look);
const answer = runnable("answer", (_: unknown, ctx) => {
  const { get } = ctx.state(memory);
  return `${get("language")}: ${get("words")} words, ${get("sources").join(" and ") || "no sources"}`;
});

const flow = orchestration("questions", (o) =>
  o.start(detect).advance(detect, lookAll).advance(lookAll, answer).finish(answer),
);
console.log(await flow.run("Onde ficam as marés fortes"));
console.log(await flow.run("Where is it"));

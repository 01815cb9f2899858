/** What a newcomer reads, tried where it was not enough to go on. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { all } from "../define/all.ts";
import { orchestration } from "../define/orchestration.ts";
import { question } from "../define/question.ts";
import { memoryHost } from "../durable/memory-host.ts";
import { runnable } from "../words/runnable.ts";

const text = runnable("text", (x: string) => x);
const read = runnable("read", (what: string) => ({ what, euros: 3 }));
const trim = runnable("trim", (x: string) => x.trim());
const approve = question("approve", { ask: "Go on?", answer: z.boolean() });
const asking = orchestration("asking", (o) => o.start(approve).finish(approve));

const messageOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    // A long sentence goes on in the next line.
    return (error as Error).message.replaceAll("\n    ", " ");
  }
  return "";
};
interface Loose {
  readonly start: (...given: unknown[]) => Loose;
  readonly advance: (...given: unknown[]) => Loose;
  readonly finish: (...given: unknown[]) => Loose;
}

// As in a file that is run without a check of its types.
const unchecked = (define: (o: Loose) => Loose) => orchestration("x", define as never).run("a" as never);

describe("a message alone", () => {
  it("leads to a page that is there for whoever installed the package", async () => {
    const message = await messageOf(() => orchestration("x", (o) => o.start(text) as never));
    expect(message).toContain(
      "\n  More: https://github.com/orch-ts/orch/blob/main/docs/errors.md#orch_invalid_definition",
    );
  });

  it("shows the input, and asks for convert, where it did not fit and nobody checked types", async () => {
    const message = await messageOf(() => unchecked((o) => o.start(read).advance(read, trim).finish(trim)));
    expect(message).toContain(
      'Its input was { what: string, euros: number }: if "trim" takes another, pass `convert` on the way to it.',
    );
  });

  it("says what was given in the place of a runnable", async () => {
    const message = await messageOf(() =>
      unchecked((o) => o.start(text).advance(text, "next").finish(undefined)),
    );
    expect(message).toContain('1. "next" is no runnable: give what runnable(id, function) gave.');
    expect(message).toContain('2. "undefined" is no runnable');
  });

  it("names the conversion whose result cannot be kept", async () => {
    const date = runnable("date", (x: Date) => x.getTime());
    const flow = orchestration("x", (o) =>
      o
        .start(text)
        .advance(text, date, { convert: () => new Date(0) })
        .finish(date),
    );
    const message = await messageOf(() => flow.run("a", { host: memoryHost() }));
    expect(message).toContain('the input that the conversion from "text" to "date" gave holds a Date.');
  });

  it("does not write out the way round a circle", async () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const turn = runnable("turn", (_: string) => circle);
    const flow = orchestration("x", (o) => o.start(turn).finish(turn));
    const message = await messageOf(() => flow.run("a", { host: memoryHost() }));
    expect(message).toMatch(
      /holds a circle, or nesting without end at self\.self\..{0,60}\.\.\. and further in\./,
    );
  });
});

describe("a question that nobody can answer", () => {
  it("fails a run of which the caller has the output alone", async () => {
    const message = await messageOf(() => asking.run(""));
    expect(message).toContain('The question "asking/approve#1" was asked in run(), where nobody can answer.');
    expect(message).toContain("Call start() instead");
  });

  it("fails it also when a runnable asks on its way", async () => {
    const asks = runnable("asks", (_: string, ctx) => ctx.ask({ prompt: "?", answer: z.boolean() }));
    const flow = orchestration("x", (o) => o.start(asks).finish(asks));
    expect(await messageOf(() => flow.run("a"))).toContain("where nobody can answer");
  });

  it("waits for what goes on beside it, and takes a way for failures", async () => {
    const slow = runnable("slow", async (_: string) => Promise.resolve("done"));
    const both = all("both", { approve, slow });
    const caught = runnable("caught", (code: string) => code);
    const flow = orchestration("x", (o) =>
      o
        .start(both)
        .catch(both, caught, { convert: (error) => error.message })
        .finish(both, caught),
    );
    expect(await flow.run("a")).toContain("where nobody can answer");
  });

  it("is left alone where a timer or a signal may end it", async () => {
    const late = question("late", { ask: "?", answer: z.boolean(), timeout: 5 });
    const flow = orchestration("x", (o) => o.start(late).finish(late));
    await expect(flow.run("")).rejects.toMatchObject({ cause: { code: "ORCH_TIMEOUT" } });
    const stop = new AbortController();
    const run = asking.run("", { signal: stop.signal });
    await Promise.resolve().then(() => stop.abort("enough"));
    await expect(run).rejects.toMatchObject({ code: "ORCH_CANCELLED" });
  });
});

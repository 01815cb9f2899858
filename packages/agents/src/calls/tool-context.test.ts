import { manualClock, scriptedModel, toolOutputs } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agent } from "../agent/agent.ts";
import { type ToolContext, tool } from "../agent/tool.ts";
import type { RunAgentOptions } from "../run/run-scope.ts";
import { runAgent } from "../run/runner.ts";
import type { AgentEvent } from "../words/events.ts";

/** Runs one call of a tool with a limit of two seconds. */
async function called(
  invoke: (ctx: ToolContext) => unknown,
  options: RunAgentOptions = {},
): Promise<readonly string[]> {
  const made = tool({
    name: "t",
    description: "x",
    input: z.object({}),
    timeout: 2_000,
    invoke: async (_, ctx) => String(await invoke(ctx)),
  });
  const model = scriptedModel([{ calls: [{ name: "t" }] }, "ok"]);
  const { messages } = await runAgent(agent({ name: "a", model, tools: [made] }), "go", options);
  return toolOutputs(messages).map(String);
}

/** Ways in which a tool gets at its signal. */
const ways: { readonly [way: string]: (ctx: ToolContext) => AbortSignal } = {
  "by its name": (ctx) => ctx.signal,
  "taken out of the context": ({ signal }) => signal,
  "in a copy": (ctx) => ({ ...ctx }).signal,
  "in a copy by assign": (ctx) => Object.assign({}, ctx).signal,
  "as one of the values": (ctx) => Object.values(ctx)[0] as AbortSignal,
  "by its descriptor": (ctx) => Object.getOwnPropertyDescriptor(ctx, "signal")?.value as AbortSignal,
  "in a context that was frozen": (ctx) => Object.freeze(ctx).signal,
};

describe("the context of a tool has a signal that is made when it is read", () => {
  it.each(Object.entries(ways))("%s: it aborts when the time is up", async (_, read) => {
    const clock = manualClock();
    let signal: AbortSignal | undefined;
    const running = called(
      (ctx) => {
        signal = read(ctx);
        expect(read(ctx)).toBe(signal);
        return new Promise((resolve) => {
          signal?.addEventListener("abort", () => resolve("stopped"));
        });
      },
      { clock },
    );
    await clock.advance(1_999);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);

    expect(signal?.aborted).toBe(true);
    expect(await running).toEqual(["The tool took longer than 2 s and was stopped."]);
  });

  it.each(Object.entries(ways))(
    "%s: read after the run was cancelled, it has aborted with the reason",
    async (_, read) => {
      const clock = manualClock();
      const cancel = new AbortController();
      const later = Promise.withResolvers<void>();
      let signal: AbortSignal | undefined;
      const running = called(
        async (ctx) => {
          await later.promise;
          signal = read(ctx);
          return "late";
        },
        { clock, signal: cancel.signal },
      );
      await clock.advance(0);
      cancel.abort("enough");
      later.resolve();
      await running;

      expect(signal?.aborted).toBe(true);
      expect(signal?.reason).toBe("enough");
      expect(clock.pending()).toBe(0);
    },
  );

  it("has the same fields as before it is read, and tells progress from a copy", async () => {
    const heard: AgentEvent[] = [];
    const given = await called(
      (ctx) => {
        const { emit, ...rest } = { ...ctx };
        emit("half");
        expect(rest.callId).toBe(ctx.callId);
        expect(rest.context).toBe("mine");
        expect(ctx.emit).toBe(emit);
        return Object.keys(ctx).join(" ");
      },
      { context: "mine", onEvent: (event) => heard.push(event) },
    );

    expect(given).toEqual(["signal callId emit context"]);
    expect(heard.find(({ type }) => type === "tool.progress")).toMatchObject({ data: "half" });
  });
});

import { scriptedModel, toolOutputs } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agent } from "../agent/agent.ts";
import { tool } from "../agent/tool.ts";
import { runAgent } from "../run/runner.ts";
import type { Message } from "../words/message.ts";
import { type Approval, decide, spendApproval } from "./approval.ts";
import type { ReadyCall } from "./read-call.ts";

function scene(script: Parameters<typeof scriptedModel>[0]) {
  const ran: string[] = [];
  const remove = tool({
    name: "remove",
    description: "Removes a file.",
    input: z.object({ path: z.string() }),
    approve: ({ path }) => !path.startsWith("tmp/"),
    invoke: ({ path }) => {
      ran.push(path);
      return `removed ${path}`;
    },
  });
  const model = scriptedModel(script);
  return { ran, model, cleaner: agent({ name: "cleaner", model, tools: [remove] }) };
}

const two = {
  calls: [
    { name: "remove", input: { path: "a" } },
    { name: "remove", input: { path: "tmp/b" } },
  ],
};

describe("a call that needs approval", () => {
  it("makes the run return with what waits, after the calls beside it ran", async () => {
    const { ran, cleaner, model } = scene([two]);
    const result = await runAgent(cleaner, "clean");
    expect(result.stopReason).toBe("needs-approval");
    expect(result.pending).toEqual([{ id: "call_1", name: "remove", input: { path: "a" } }]);
    expect(ran).toEqual(["tmp/b"]);
    expect(model.requests).toHaveLength(1);
  });

  it("runs once after the decision, in a conversation that went through JSON, and the run goes on", async () => {
    const { ran, cleaner } = scene([two, "Clean."]);
    const first = await runAgent(cleaner, "clean");
    const stored = JSON.parse(JSON.stringify(first)) as typeof first;
    const second = await runAgent(cleaner, stored.messages, {
      decisions: stored.pending.map((call) => ({ call, approval: true })),
    });
    expect(second).toMatchObject({ stopReason: "done", output: "Clean." });
    expect(ran).toEqual(["tmp/b", "a"]);
  });

  it("is told why when it is denied, is not run, and is not asked about again", async () => {
    const { ran, cleaner } = scene([two, "I left it."]);
    const { messages, pending } = await runAgent(cleaner, "clean");
    const second = await runAgent(cleaner, messages, {
      decisions: [{ call: pending[0]!, approval: { deny: "It is mine." } }],
    });
    expect(second.output).toBe("I left it.");
    expect(ran).toEqual(["tmp/b"]);
    const results = second.messages.flatMap((message) => (message.role === "tool" ? message.content : []));
    expect(results.at(-1)).toMatchObject({
      denied: true,
      isError: true,
      output: "The call was denied: It is mine.",
    });
  });

  it("waits again when the conversation comes back without decisions", async () => {
    const { cleaner, model } = scene([two]);
    const { messages, pending } = await runAgent(cleaner, "clean");
    const again = await runAgent(cleaner, messages);
    expect(again).toMatchObject({ stopReason: "needs-approval", pending });
    expect(model.requests).toHaveLength(1);
  });

  it("is closed as cancelled when the conversation went on without it", async () => {
    const { cleaner, model, ran } = scene([two, "Fine."]);
    const { messages } = await runAgent(cleaner, "clean");
    const next: Message = { role: "user", content: [{ type: "text", text: "never mind" }] };
    const result = await runAgent(cleaner, [...messages, next]);
    expect(result.output).toBe("Fine.");
    expect(toolOutputs(model.requests[1]!.messages)).toContain("Cancelled.");
    expect(ran).toEqual(["tmp/b"]);
    expect(result.messages.slice(result.inputCount)).toHaveLength(1);
  });
});

describe("decisions", () => {
  it("must be one for each call that waits, made on that very call", async () => {
    const { cleaner, model, ran } = scene([
      {
        calls: [
          { name: "remove", input: { path: "a" } },
          { name: "remove", input: { path: "c" } },
        ],
      },
    ]);
    const { messages, pending } = await runAgent(cleaner, "clean");
    const [a, c] = pending.map((call) => ({ call, approval: true as Approval }));
    const changed = { call: { ...a!.call, input: { path: "/" } }, approval: true };
    for (const [decisions, reason] of [
      [[a!], "unanswered"],
      [[a!, c!, { ...a!, call: { ...a!.call, id: "call_9" } }], "unknown"],
      [[a!, c!, c!], "twice"],
      [[changed, c!], "changed"],
    ] as const) {
      await expect(runAgent(cleaner, messages, { decisions })).rejects.toMatchObject({
        code: "ORCH_DECISION",
        facts: { reason },
      });
    }
    await expect(runAgent(cleaner, "hello", { decisions: [a!] })).rejects.toMatchObject({
      code: "ORCH_DECISION",
    });
    expect(ran).toEqual([]);
    expect(model.requests).toHaveLength(1);
  });
});

describe("asking in the middle of a run", () => {
  it("goes on with the answers, asked one at a time and in order", async () => {
    const { ran, cleaner } = scene([
      { calls: ["a", "b", "c"].map((path) => ({ name: "remove", input: { path } })) },
      "Done.",
    ]);
    const told: string[] = [];
    let open = 0;
    const result = await runAgent(cleaner, "clean", {
      onApproval: async ({ input }) => {
        expect(++open).toBe(1);
        await Promise.resolve();
        open--;
        return JSON.stringify(input) === '{"path":"b"}' ? { deny: "not b" } : true;
      },
      onEvent: (event) => {
        if (event.type === "tool.approval") told.push(`${event.id} ${event.status}`);
      },
    });
    expect(result.output).toBe("Done.");
    expect(ran).toEqual(["a", "c"]);
    expect(told).toEqual([
      "call_1 asked",
      "call_1 approved",
      "call_2 asked",
      "call_2 denied",
      "call_3 asked",
      "call_3 approved",
    ]);
  });

  it("runs the call with the arguments that a person put in, and tells the model", async () => {
    const call = { name: "remove", input: { path: "a" } };
    const { ran, cleaner } = scene([{ calls: [call] }, { calls: [call] }, "Done."]);
    const approvals: Approval[] = [{ input: { path: "b" } }, { input: { path: 1 } }];
    const result = await runAgent(cleaner, "clean", { onApproval: () => approvals.shift()! });
    expect(ran).toEqual(["b"]);
    const outputs = toolOutputs(result.messages);
    expect(outputs[0]).toBe('[A person changed the arguments to {"path":"b"}]\nremoved b');
    expect(outputs[1]).toMatch(/^The call was denied: The arguments do not fit: path/);
  });

  it("denies when the asker throws, now or later", async () => {
    for (const onApproval of [
      () => {
        throw new TypeError("no screen");
      },
      () => Promise.reject(new TypeError("no screen")),
    ]) {
      const { ran, cleaner } = scene([{ calls: [{ name: "remove", input: { path: "a" } }] }, "Left."]);
      const result = await runAgent(cleaner, "clean", { onApproval });
      expect(toolOutputs(result.messages)).toEqual(["The call was denied: Nobody could be asked."]);
      expect(ran).toEqual([]);
    }
  });

  it("is given up when the run is cancelled, and the call does not run", async () => {
    const stop = new AbortController();
    const { ran, cleaner } = scene([{ calls: [{ name: "remove", input: { path: "a" } }] }]);
    const result = await runAgent(cleaner, "clean", {
      signal: stop.signal,
      onApproval: () => {
        stop.abort();
        return new Promise<boolean>(() => {});
      },
    });
    expect(result.stopReason).toBe("aborted");
    expect(toolOutputs(result.messages)).toEqual(["Cancelled."]);
    expect(ran).toEqual([]);
  });
});

describe("an approved call", () => {
  const call: ReadyCall = {
    id: "1",
    name: "t",
    json: {},
    input: {},
    tool: tool({ name: "t", description: "x", input: z.object({}), invoke: () => "" }),
  };

  it("can be spent once", async () => {
    const verdict = await decide(call, {});
    if (verdict.status !== "approved") expect.fail();
    const { id, name } = call;
    expect(spendApproval(verdict, { id, name })).toBe(call);
    expect(() => spendApproval(verdict, { id, name })).toThrow(
      expect.objectContaining({ code: "ORCH_APPROVAL_SPENT" }),
    );
  });

  it("waits when the tool's own condition throws and nobody is there to be asked", async () => {
    const approve = (): boolean => {
      throw new TypeError("x");
    };
    expect(await decide({ ...call, tool: { ...call.tool, approve } }, {})).toEqual({ status: "pending" });
  });
});

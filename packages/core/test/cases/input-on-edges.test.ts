import { type Orchestration, OrchestrationAdvancer, orchestration, question, runnable } from "@orch/core";
import { DurableHost, memoryHost, memoryStore } from "@orch/core/host";
import { describe, expect, it } from "vitest";
import { z } from "zod";

interface Ticket {
  readonly customer: string;
  readonly sum: number;
}

const take = runnable("take", (ticket: Ticket) => ticket);
const approve = question("approve", {
  ask: ({ sum, customer }: Ticket) => `Refund ${sum} to ${customer}?`,
  answer: z.boolean(),
});
const refund = runnable("refund", ({ to, sum }: { to: string; sum: number }) => `refunded ${sum} to ${to}`);

const refunds = orchestration("refunds", (o) =>
  o
    .start(take)
    .advance(take, approve)
    .advance(approve, refund, {
      when: (yes, { sum }) => yes && sum < 1_000,
      convert: (_yes, ticket) => ({ to: ticket.customer, sum: ticket.sum }),
    })
    .finish(refund, approve),
);

const ada: Ticket = { customer: "Ada", sum: 120 };

/** Runs that lose their process at once: each host reads them from the store again. */
const lives = (store = memoryStore()) => ({ store, host: () => new DurableHost(store) });

describe("E22: a question that keeps what was asked", () => {
  const confirm = question("confirm", {
    ask: ({ sum }: Ticket) => `Refund ${sum}?`,
    answer: z.boolean(),
    keepInput: true,
  });
  const pay = runnable("pay", ({ input, answer }: { input: Ticket; answer: boolean }) =>
    answer ? `paid ${input.sum} to ${input.customer}` : "kept",
  );
  const paying = orchestration("paying", (o) => o.start(confirm).advance(confirm, pay).finish(pay));
  const kept = paying as Orchestration<never, unknown>;

  it("E22: gives the input with the answer, in this process and in another", async () => {
    const here = paying.start(ada);
    const told: unknown[] = [];
    for await (const event of here.events()) {
      if (event.type === "question.asked") await here.answer(event.question, true);
      if (event.type === "question.answered") told.push(event.answer);
      if (event.type === "state.completed" && event.state === "confirm") told.push(event.output);
    }
    const { host } = lives();
    const first = host();
    const run = paying.start(ada, { host: first, runId: "r" });
    for await (const { type } of run.events()) if (type === "question.asked") break;
    await first.close();
    const second = host();
    await second.answer(paying, "r", "paying/confirm#1", true);

    expect(await here.result).toBe("paid 120 to Ada");
    expect(told).toEqual([true, { input: ada, answer: true }]);
    expect(await (await second.resume(paying, "r")).result).toBe("paid 120 to Ada");
    const third = host();
    const outputs = [];
    for await (const event of third.run("r").events()) {
      if (event.type === "state.completed" && event.state === "confirm") outputs.push(event.output);
    }
    expect(outputs).toEqual([{ input: ada, answer: true }]);
    const forked = await third.fork(kept, "r", { after: "paying/confirm#1", output: false });
    expect(await forked.result).toBe("kept");
    const asked = await third.fork(kept, "r", { before: "paying/pay#1" });
    expect(await asked.result).toBe("paid 120 to Ada");
  });
});

describe("E22: what an edge reads of the state that it leaves", () => {
  it("E22: has the input beside the output", async () => {
    const run = refunds.start(ada);
    for await (const event of run.events()) {
      if (event.type === "question.asked") await run.answer(event.question, true);
    }

    expect(await run.result).toBe("refunded 120 to Ada");
  });

  it("E22: has the input in another process, and the condition reads it too", async () => {
    for (const [sum, outcome] of [
      [120, "refunded 120 to Ada"],
      [1_000, true],
    ] as const) {
      const { host } = lives();
      const first = host();
      const run = refunds.start({ customer: "Ada", sum }, { host: first, runId: "r" });
      for await (const { type } of run.events()) if (type === "question.asked") break;
      await first.close();
      const second = host();
      await second.answer(refunds, "r", "refunds/approve#1", true);

      expect(await (await second.resume(refunds, "r")).result).toBe(outcome);
    }
  });

  it("E22: is the input as it was, whatever the state did to it", async () => {
    const spoil = runnable("spoil", (ticket: { sum: number }) => {
      ticket.sum += 1;
      return ticket.sum;
    });
    const pair = runnable("pair", (both: readonly number[]) => both);
    class Pairing extends OrchestrationAdvancer<number, readonly number[], { readonly sum: number }> {
      override readonly targets = [pair];
      override shouldAdvance(output: number, { sum }: { readonly sum: number }): boolean {
        return output > sum;
      }
      override convertOutput(output: number, { sum }: { readonly sum: number }): readonly number[] {
        return [output, sum];
      }
    }
    const byEdge = orchestration("f", (o) =>
      o
        .start(spoil)
        .advance(spoil, pair, { convert: (output, { sum }) => [output, sum] })
        .finish(pair),
    );
    const byClass = orchestration("f", (o) =>
      o.start(spoil).advanceBy(spoil, new Pairing()).finish(pair, spoil),
    );

    for (const flow of [byEdge, byClass]) {
      expect(await flow.run({ sum: 1 })).toEqual([2, 1]);
      expect(await flow.run({ sum: 1 }, { host: memoryHost() })).toEqual([2, 1]);
    }
  });

  it("E22: is the input as it was for a function whose parameters JavaScript does not count", async () => {
    const spoil = runnable("spoil", (ticket: { sum: number }) => {
      ticket.sum += 1;
      return ticket.sum;
    });
    const pair = runnable("pair", (both: readonly number[]) => both);
    type Convert = (output: number, input: { readonly sum: number }) => readonly number[];
    const plain: Convert = (output, { sum }) => [output, sum];
    const uncounted: readonly Convert[] = [
      (...given) => plain(...given),
      (output, input = { sum: 0 }) => plain(output, input),
      function oldest(): readonly number[] {
        // biome-ignore lint/complexity/noArguments: this is what is tested.
        return plain(arguments[0] as number, arguments[1] as { sum: number });
      },
      ((...given: Parameters<Convert>) => plain(...given)).bind(undefined),
    ];

    for (const convert of uncounted) {
      const flow = orchestration("f", (o) => o.start(spoil).advance(spoil, pair, { convert }).finish(pair));
      expect(await flow.run({ sum: 1 })).toEqual([2, 1]);
      expect(await flow.run({ sum: 1 }, { host: memoryHost() })).toEqual([2, 1]);
    }
  });

  it("E22: is given to the target that a class picks", async () => {
    const left = runnable("left", (n: number) => `left ${n}`);
    const right = runnable("right", (n: number) => `right ${n}`);
    const first = runnable("first", (text: string) => text.length);
    class BySide extends OrchestrationAdvancer<number, number, string> {
      override readonly targets = [left, right];
      override convertOutput(n: number): number {
        return n;
      }
      override getNextRunnable(_n: number, text: string) {
        return text.startsWith("l") ? left : right;
      }
    }
    const flow = orchestration("f", (o) => o.start(first).advanceBy(first, new BySide()).finish(left, right));

    expect([await flow.run("l"), await flow.run("rr")]).toEqual(["left 1", "right 2"]);
  });

  it("E22: is there in forks, with the input or the output that they are given", async () => {
    const a = runnable("a", (n: number) => n + 1);
    const b = runnable("b", (n: number) => n * 10);
    const c = runnable("c", (text: string) => text);
    const flow = orchestration("f", (o) =>
      o
        .start(a)
        .advance(a, b)
        .advance(b, c, { convert: (output, input) => `${output} of ${input}` })
        .finish(c),
    );
    const kept = flow as Orchestration<never, unknown>;
    const host = memoryHost();
    const forked = (options: Parameters<typeof host.fork>[2]) => host.fork(kept, "r", options);

    expect(await flow.start(1, { host, runId: "r" }).result).toBe("20 of 2");
    expect(await (await forked({ before: "f/b#1" })).result).toBe("20 of 2");
    expect(await (await forked({ before: "f/b#1", input: 7 })).result).toBe("70 of 7");
    expect(await (await forked({ after: "f/b#1", output: 5 })).result).toBe("5 of 2");
    expect(await (await forked({ after: "f/a#1", output: 4 })).result).toBe("40 of 4");
  });

  it("E22: is there when a run is tried again that was cancelled in the state", async () => {
    const { host } = lives();
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const a = runnable("a", (n: number) => n + 1);
    const b = runnable("b", async (n: number) => {
      begun.resolve();
      await gate.promise;
      return n * 10;
    });
    const c = runnable("c", (text: string) => text);
    const flow = orchestration("f", (o) =>
      o
        .start(a)
        .advance(a, b)
        .advance(b, c, { convert: (output, input) => `${output} of ${input}` })
        .finish(c),
    );
    const first = host();
    const run = flow.start(1, { host: first, runId: "r" });
    await begun.promise;
    run.cancel("stop");
    gate.resolve();
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_CANCELLED" });
    await first.close();

    expect(await (await host().retry(flow, "r")).result).toBe("20 of 2");
  });
});

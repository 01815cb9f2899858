/**
 * What the compiler must say about signals and the states that wait for them. A comment `// error: TEXT` stands above each
 * line that must not compile, and TEXT must be in the compiler's message; every other line must compile.
 */
import { type ConditionMet, orchestration, type Run, type Runnable, runnable, type SignalTaken, sharedState, signal, type TimedOut, until } from "@orch/core";
import { z } from "zod";

const paid = signal("paid", z.object({ sum: z.number() }));
const typed = signal("typed", z.string().transform(Number));
const votes = sharedState("votes", { yes: { start: 0 } });
const takesNumber = runnable("takesNumber", (n: number) => n);

// The output says what may have come, and nothing else.
export const ofSignal: Runnable<string, SignalTaken<{ sum: number }>> = until("signal", { signal: paid });
export const ofTransformed: Runnable<string, SignalTaken<number>> = until("transformed", { signal: typed });
export const ofEither: Runnable<string, SignalTaken<{ sum: number }> | TimedOut> = until("either", { signal: paid, timeout: 5 });
export const ofCondition: Runnable<string, ConditionMet> = until("condition", { when: (text: string) => text === "" });
export const ofLate: Runnable<string, ConditionMet | TimedOut> = until("late", { when: (_: string, ctx) => ctx.state(votes).get("yes") > 2, timeout: 5 });
export const ofBoth: Runnable<string, SignalTaken<{ sum: number }>> = until("both", { signal: paid, when: (_: string, ctx) => ctx.state(votes).get("yes") > 2 });
// error: is not assignable to type
export const notLate: Runnable<string, SignalTaken<{ sum: number }>> = until("either", { signal: paid, timeout: 5 });

// An edge reads the value only where it is known that one came.
const wait = until("wait", { signal: paid, timeout: 5 });
orchestration("narrowed", (o) => o.start(wait).advance(wait, takesNumber, { when: (came) => came.by === "signal", convert: (came) => came.value.sum }).finish(takesNumber, wait));
// error: Property 'value' does not exist on type 'TimedOut'
orchestration("unasked", (o) => o.start(wait).advance(wait, takesNumber, { convert: (came) => came.value.sum }).finish(takesNumber));
// error: pass `convert`
orchestration("unconverted", (o) => o.start(wait).advance(wait, takesNumber).finish(takesNumber));

// What a condition may read is shared state, and it writes nothing.
// error: Argument of type '"no"' is not assignable to parameter of type '"yes"'
until("wrongKey", { when: (_: string, ctx) => ctx.state(votes).get("no") > 2 });
// error: Property 'set' does not exist on type
until("writes", { when: (_: string, ctx) => ctx.state(votes).set("yes", 2) });
// error: is missing in type '{}'
until("nothing", {});
// error: is not assignable to type
until("slow", { when: async () => true });

// Who sends is held to what goes into the schema.
declare const run: Run<unknown>;
run.signal(paid, { sum: 3 }, { key: "k" });
run.signal(typed, "3");
// error: Type 'string' is not assignable to type 'number'
run.signal(paid, { sum: "3" });
// error: Argument of type 'unknown' is not assignable to parameter of type 'string'
run.signal(typed, {} as unknown);
// error: Argument of type 'string | number' is not assignable to parameter of type 'string'
run.signal(typed, "3" as string | number);
// error: Argument of type 'number' is not assignable to parameter of type 'string'
run.signal(typed, 3);
// error: Argument of type 'string' is not assignable to parameter of type
run.signal("paid", { sum: 3 });

// A wrapper may not know whether there is a timeout.
export const perhaps = (timeout: number | undefined): Runnable<string, SignalTaken<{ sum: number }> | TimedOut> => until("perhaps", { signal: paid, timeout });
export const perhapsMet = (options: { timeout?: number }): Runnable<string, ConditionMet | TimedOut> => until("perhapsMet", { when: (_: string) => true, ...options });

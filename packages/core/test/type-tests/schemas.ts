/** What the compiler must say about schemas that change a value: what goes in, and what comes out. */
import { orchestration, type Runnable, runnable, type Schema } from "@orch/core";
import { z } from "zod";

const toNumber = z.string().transform(Number);
const count = runnable("count", (text: string) => text.length);

// The input is what goes into its schema, and `invoke` reads what comes out of it.
export const ofInput: Runnable<string, string> = runnable({ id: "input", input: toNumber, invoke: (n) => n.toFixed() });
export const ofDefault: Runnable<string | undefined, number> = runnable({ id: "default", input: z.string().default("a"), invoke: async (text) => text.length });
export const ofCoerced: Runnable<unknown, number> = runnable({ id: "coerced", input: z.coerce.number(), invoke: (n) => n });
// error: Type 'number' is not assignable to type 'string'
export const wrongInput: Runnable<number, string> = runnable({ id: "input", input: toNumber, invoke: (n) => n.toFixed() });
// error: Property 'trim' does not exist on type 'number'
runnable({ id: "reads", input: toNumber, invoke: (n) => n.trim() });
// error: { output: number; input: string; }
orchestration("edge", (o) => { const reads = runnable({ id: "reads", input: toNumber, invoke: (n) => n }); return o.start(count).advance(count, reads).finish(reads); });

// What `invoke` gives goes into the schema of the output, and the output is what comes out of it.
export const ofOutput: Runnable<string, number> = runnable({ id: "output", output: toNumber, invoke: (text: string) => text });
export const ofBoth: Runnable<string, number> = runnable({ id: "both", input: toNumber, output: toNumber, invoke: async (n) => n.toFixed() });
export const ofPlain: Runnable<string, { n: number }> = runnable({ id: "plain", input: z.string(), output: z.object({ n: z.number() }), invoke: async (text) => ({ n: text.length }) });
// error: Type 'number' is not assignable to type 'string
runnable({ id: "gives", output: toNumber, invoke: (text: string) => text.length });
// error: Type 'Runnable<string, number>' is not assignable to type 'Runnable<string, string>'
export const wrongOutput: Runnable<string, string> = runnable({ id: "output", output: toNumber, invoke: (text: string) => text });

// Without schemas, with types that are given, and with a schema of any library.
export const plain: Runnable<string, "a" | "b"> = runnable({ id: "plain", invoke: (text) => (text === "" ? "a" : "b") });
export const said: Runnable<string, "a" | "b"> = runnable({ id: "said", input: z.string(), invoke: (text) => (text === "" ? "a" : "b") });
export const given: Runnable<string, number> = runnable<string, number>({ id: "given", input: z.string(), invoke: (text) => text.length });
export const checkedBy = <A, B>(input: Schema<A, B>): Runnable<B, A> => runnable({ id: "checked", input, invoke: (value) => value });
export const wrapped = <A, B>(invoke: (input: A) => B, retry?: { attempts: number }): Runnable<A, Awaited<B>> => runnable({ id: "wrapped", invoke, retry, timeout: undefined });

/** What users write around the library has to compile: functions of any types, and options that may be missing. */
import { all, background, choose, collect, each, exit, items, type Orchestration, orchestration, question, type Runnable, race, type Settled, signal, until } from "@orch/core";
import type { z } from "zod";

export const pipe = <A, B, C, D>(a: Runnable<A, B>, b: Runnable<C, D>, convert: (output: B, input: A) => C): Orchestration<A, D> => orchestration("pipe", (o) => o.start(a).advance(a, b, { convert }).finish(b));
export const fits = <A, B, C>(a: Runnable<A, B>, b: Runnable<B, C>): Orchestration<A, C> => orchestration("fits", (o) => o.start(a).advance(a, b).finish(b));
export const listed = <A, B>(a: Runnable<A, B>): Runnable<readonly A[], B[]> => each("listed", a);
export const settled = <A, B>(a: Runnable<A, B>): Runnable<readonly A[], Settled<B>[]> => each("settled", a, { settled: true });
export const followed = <A, B, C>(a: Runnable<A, B>, follow: Runnable<B, C>): Runnable<readonly A[], C[]> => each("followed", a, { follow });
export const growing = <A, B>(a: Runnable<A, B>): Runnable<readonly A[], B[]> => each("growing", a, { items: items<A>("more") });
export const both = <A, B, C>(a: Runnable<A, B>, b: Runnable<A, C>): Runnable<A, { a: B; b: C }> => all("both", { a, b });
export const anyOf = <A, B, C>(a: Runnable<A, B>, b: Runnable<A, C>): Runnable<A, B | C> => race("anyOf", { a, b });
export const chosen = <A, B, C>(a: Runnable<A, B>, b: Runnable<A, C>, pick: (input: A) => "a" | "b"): Runnable<A, B | C> => choose("chosen", { a, b }, pick);
export const aside = <A, B>(a: Runnable<A, B>): Runnable<unknown, B> => collect("aside", background("beside", a));
export const ending = <A, B>(a: Runnable<A, B>): Runnable<A, B> => exit("ending", a);
export const taken = <A>(schema: z.ZodType<A>): Runnable<unknown, { by: "signal"; value: A }> => until("taken", { signal: signal("given", schema) });
export const asked = <A, B>(ask: (input: A) => unknown, answer: z.ZodType<B>): Runnable<A, B> => question("asked", { ask, answer });
export const kept = <A, B>(ask: (input: A) => unknown, answer: z.ZodType<B>): Runnable<A, { input: A; answer: B }> => question("kept", { ask, answer, keepInput: true });

// What is not known yet is both.
export const perhapsKept = <A, B>(ask: (input: A) => unknown, answer: z.ZodType<B>, keepInput: boolean): Runnable<A, B | { input: A; answer: B }> => question("perhapsKept", { ask, answer, keepInput });
export const perhapsStopped = <A, B>(a: Runnable<A, B>, stop: boolean): Runnable<unknown, B | undefined> => collect("perhapsStopped", background("beside", a), { stop });

// An option may be undefined, where it is passed on.
interface Options {
  concurrency?: number;
  maxVisits?: number;
  settled?: false;
}
export const passed = <A, B>(a: Runnable<A, B>, { concurrency, maxVisits, settled }: Options): Runnable<readonly A[], B[]> => each("passed", a, { concurrency, maxVisits, settled, follow: undefined, terminal: undefined });
export const passedAll = <A, B>(a: Runnable<A, B>, { concurrency, maxVisits, settled }: Options): Runnable<A, { a: B }> => all("passedAll", { a }, { concurrency, maxVisits, settled, when: undefined });
export const passedEdge = <A>(a: Runnable<A, A>, when?: (value: A) => boolean, label?: string): Orchestration<A, A> => orchestration("passedEdge", (o) => o.start(a).advance(a, a, { when, label, add: undefined }).finish(a));

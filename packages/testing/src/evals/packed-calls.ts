/**
 * Model calls as a file keeps them. The request of a later call repeats the conversation so far, which nobody would read in a review; so a call says
 * after which earlier one it goes on, and holds only what is new.
 */
import type { JsonObject } from "@orch/agents";
import type { Json } from "@orch/core";
import { EvalCaseError } from "../errors/eval-case-error.ts";
import type { EvalCall } from "./eval-case.ts";
import { canonicalText } from "./plain-value.ts";

/** How a call is written: `after` is the index of the call whose request it goes on with. */
interface PackedCall extends Omit<EvalCall, "request"> {
  readonly after?: number;
  readonly request?: JsonObject;
}

/** Takes out of each call what the calls before it say already. */
export function packCalls(calls: readonly EvalCall[]): readonly PackedCall[] {
  return calls.map((call, at) => {
    const before = calls.findLastIndex((other, index) => index < at && goesOn(other, call));
    if (before < 0) return call;
    const earlier = calls[before]!.request!;
    const said = messagesOf(earlier).length;
    const fresh = Object.entries(call.request!).filter(
      ([key, value]) => key !== "messages" && !same(earlier[key], value),
    );
    const request = { ...Object.fromEntries(fresh), messages: messagesOf(call.request).slice(said) };
    return { state: call.state, after: before, request, message: call.message, usage: call.usage };
  });
}

/** Makes the calls whole again. @throws EvalCaseError where a call goes on with none before it. */
export function unpackCalls(packed: readonly Json[], name: string): readonly EvalCall[] {
  const calls: EvalCall[] = [];
  for (const [at, one] of (packed as unknown as readonly PackedCall[]).entries()) {
    if (typeof one?.message !== "object" || one.message === null) {
      throw new EvalCaseError({ name, problem: `calls[${at}] has no message` });
    }
    const { after, request, ...call } = one;
    if (after === undefined) {
      calls.push({ ...call, ...(request !== undefined && { request }) });
      continue;
    }
    const earlier = calls[after]?.request;
    if (earlier === undefined)
      throw new EvalCaseError({ name, problem: `calls[${at}] goes on with no call` });
    const messages = [...messagesOf(earlier), ...messagesOf(request)];
    calls.push({ ...call, request: { ...earlier, ...request, messages } });
  }
  return calls;
}

/** Whether a call's request begins with all that another asked, and lacks none of its settings. */
function goesOn({ request: before }: EvalCall, { request: now }: EvalCall): boolean {
  if (before === undefined || now === undefined) return false;
  const [earlier, later] = [messagesOf(before), messagesOf(now)];
  return (
    earlier.length > 0 &&
    later.length >= earlier.length &&
    Object.keys(before).every((key) => key in now) &&
    earlier.every((message, index) => same(message, later[index]))
  );
}

function messagesOf(request: JsonObject | undefined): readonly Json[] {
  const messages = request?.["messages"];
  return Array.isArray(messages) ? (messages as readonly Json[]) : [];
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return a !== undefined && b !== undefined && canonicalText(a) === canonicalText(b);
}

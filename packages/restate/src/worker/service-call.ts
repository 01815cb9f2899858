/** Calls from one handler to another. The engine makes each once. */
import type { Context, GenericCall, InvocationHandle, InvocationPromise } from "@restatedev/restate-sdk";
import type { Sdk } from "./sdk.ts";

/** A handler, and what it is given. */
export interface ServiceCall {
  readonly service: string;
  readonly method: string;
  /** Of a virtual object. */
  readonly key?: string;
  readonly parameter: unknown;
}

type JsonSerde = NonNullable<GenericCall<unknown, unknown>["inputSerde"]>;

/** Calls a handler. */
export function callService<TResult>(ctx: Context, sdk: Sdk, call: ServiceCall): InvocationPromise<TResult> {
  const json = sdk.serde.json as JsonSerde;
  const made = ctx.genericCall<unknown, unknown>({ ...call, inputSerde: json, outputSerde: json });
  return made as InvocationPromise<TResult>;
}

/** Has a handler called, after a delay in milliseconds if there is one, and waits for nothing. */
export function sendService(ctx: Context, sdk: Sdk, call: ServiceCall, delay?: number): InvocationHandle {
  const json = sdk.serde.json as JsonSerde;
  return ctx.genericSend<unknown>({ ...call, inputSerde: json, ...(delay !== undefined && { delay }) });
}

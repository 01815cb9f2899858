/** The handlers of a run on a Restate server, as a client calls them through its ingress. */
import type { Json } from "@orch/core";
import { newId, type Random } from "@orch/core/doors";
import { RestateNotRegisteredError } from "../errors/restate-not-registered-error.ts";
import { payloadError } from "../errors/restate-payload-error.ts";
import { RestateSilentError } from "../errors/restate-silent-error.ts";
import { RestateUnreachableError } from "../errors/restate-unreachable-error.ts";
import type { KeptNote, OnceNote } from "../words/once-note.ts";
import type { RunPage } from "../words/run-card.ts";
import type { Reply, RunMessage } from "../words/run-message.ts";
import type { Driver, KeptOrder, Ordered } from "../words/run-order.ts";
import type { ServiceNames } from "../words/service-names.ts";
import { answeredValue, type CallDoors, callServer, type HttpAnswer, saidIn } from "./http-call.ts";

/** The parts of the calls. */
export interface RunServiceParts extends CallDoors {
  /** The address of the ingress, without a slash at its end. */
  readonly ingress: string;
  readonly names: ServiceNames;
  readonly random: Random;
  readonly maxPayload: number;
}

/** How often a call is made again when its connection broke, and the pause before, in milliseconds. */
const TRIES = 3;
const PAUSE = 100;
/** How often a service is looked for before it is told as not registered: for a second in all. */
const LOOKS = 5;

/** The status by which the server says that an invocation is there and has not ended. */
const GOES_ON = 470;

/** Calls the handlers of runs. */
export class RunService {
  readonly #parts: RunServiceParts;

  constructor(parts: RunServiceParts) {
    this.#parts = parts;
  }

  start(runId: string, order: KeptOrder): Promise<Ordered> {
    this.#fits(order, `the input of the run "${runId}"`);
    return this.#once(this.#parts.names.inbox, runId, "start", order) as Promise<Ordered>;
  }

  send(runId: string, message: RunMessage): Promise<Reply> {
    this.#fits(message, `the ${message.kind} for the run "${runId}"`);
    return this.#once(this.#parts.names.inbox, runId, "send", message) as Promise<Reply>;
  }

  /** What drives a run; `undefined` when there is no such run. */
  async driver(runId: string): Promise<Driver | undefined> {
    const driver = await this.#call(this.#parts.names.inbox, runId, "driver", {}, {});
    return (driver as unknown as Driver | null) ?? undefined;
  }

  /** Begins to drive a run again where what drove it is not there any more. What goes on is left alone. */
  async resume(runId: string, { driver }: Driver): Promise<void> {
    if (driver !== null && (await this.#stateOf(driver)).kept === "yes") return;
    await this.#once(this.#parts.names.inbox, runId, "resume", { driver });
  }

  /** Forgets a run. Gives false when there is none. */
  async forget(runId: string): Promise<boolean> {
    const isThere = await this.#once(this.#parts.names.inbox, runId, "forget", {});
    // The inbox has had it forgotten. This waits until it is.
    await this.#once(this.#parts.names.run, runId, "forget", {});
    return isThere === true;
  }

  /** What happened in a run after an arrival; `undefined` where nothing is kept of it. */
  async read(runId: string, from: number): Promise<RunPage | undefined> {
    const page = await this.#call(this.#parts.names.run, runId, "read", { from }, {});
    return (page as unknown as RunPage | null) ?? undefined;
  }

  /** Keeps a value of `ctx.once` of an attempt that goes on. */
  async keepNote(runId: string, operation: string, note: OnceNote): Promise<void> {
    await this.#once(this.#parts.names.inbox, runId, "keep", { operation, note } satisfies KeptNote);
  }

  /** The values that an attempt has kept. */
  async notes(runId: string, operation: string): Promise<readonly OnceNote[]> {
    const notes = await this.#call(this.#parts.names.inbox, runId, "notes", { operation }, {});
    return notes as unknown as readonly OnceNote[];
  }

  /** The order of a run; `undefined` when there is none. */
  async order(runId: string): Promise<KeptOrder | undefined> {
    const order = await this.#call(this.#parts.names.inbox, runId, "order", {}, {});
    return (order as unknown as KeptOrder | null) ?? undefined;
  }

  #fits(value: unknown, what: string): void {
    const error = payloadError(value, what, this.#parts.maxPayload);
    if (error !== undefined) throw error;
  }

  /** A call that does something: made again after a broken connection, the server does it once. */
  async #once(service: string, key: string, handler: string, body: unknown): Promise<unknown> {
    const { clock, random } = this.#parts;
    const headers = { "idempotency-key": newId("call", clock.now(), random) };
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#call(service, key, handler, body, headers);
      } catch (error) {
        if (error instanceof RestateSilentError)
          return this.#late(
            error,
            `${service}/${encodeURIComponent(key)}/${handler}/${headers["idempotency-key"]}`,
          );
        if (!(error instanceof RestateUnreachableError) || attempt === TRIES) throw error;
        await new Promise<void>((resolve) => clock.after(PAUSE * attempt, resolve));
      }
    }
  }

  /** The answer of a call whose time is over, if it has come by now. @throws RestateSilentError that says whether the server has the call. */
  async #late({ facts }: RestateSilentError, call: string): Promise<Json | undefined> {
    const { kept, answer } = await this.#stateOf(call).catch(() => ({
      kept: "unknown" as const,
      answer: undefined,
    }));
    if (answer !== undefined) return answeredValue(answer, facts.url);
    throw new RestateSilentError({ ...facts, kept });
  }

  /** Whether the server has an invocation that has not ended, and the answer of one that has. */
  async #stateOf(invocation: string): Promise<{ readonly kept: "yes" | "no"; readonly answer?: HttpAnswer }> {
    const url = `${this.#parts.ingress}/restate/invocation/${invocation}/output`;
    const answer = await callServer({ url, method: "GET" }, this.#parts);
    if (answer.status === GOES_ON) return { kept: "yes" };
    if (answer.status === 404) return { kept: "no" };
    if (answer.status >= 500) answeredValue(answer, url);
    return { kept: "no", answer };
  }

  async #call(
    service: string,
    key: string,
    handler: string,
    body: unknown,
    headers: { readonly [name: string]: string },
  ): Promise<Json | undefined> {
    const { ingress, clock } = this.#parts;
    const url = `${ingress}/${service}/${encodeURIComponent(key)}/${handler}`;
    for (let attempt = 1; ; attempt++) {
      const answer = await callServer({ url, body, headers }, this.#parts);
      if (answer.status !== 404 || !/service/i.test(saidIn(answer.body) ?? answer.text))
        return answeredValue(answer, url);
      // The ingress hears of a new deployment a moment after the admin port has taken it.
      if (attempt === LOOKS) throw new RestateNotRegisteredError({ url: ingress, service });
      await new Promise<void>((resolve) => clock.after(PAUSE * attempt, resolve));
    }
  }
}

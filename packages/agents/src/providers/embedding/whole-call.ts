/** One call that is answered whole, not streamed: its time limit, its attempts, and its failure as an error. */
import { type Clock, isOrchError, type Random } from "@orch/core";
import { ABOVE, COUNT, checkNumbers, systemClock } from "@orch/core/doors";
import type OpenAI from "openai";
import { EmbeddingError, type EmbeddingFacts } from "../../errors/embedding-error.ts";
import { abortedFailure } from "../../model/aborted-failure.ts";
import { failureOf, protocolFailure } from "../../model/failure.ts";
import { LinkedAbort } from "../../platform/linked-abort.ts";
import type { Origin } from "../../words/message.ts";
import type { ModelFailure, Price } from "../../words/model.ts";
import { loadOpenAI } from "../openai/client.ts";
import { type ProviderOptions, secretsOf } from "../provider-options.ts";
import { delayBefore } from "../wrappers/retry-model.ts";
import { waited } from "../wrappers/wait.ts";

/** What the factories of models for vectors and for orders take. Nothing is read from the environment. */
export interface WholeCallOptions extends Pick<ProviderOptions, "model" | "headers" | "fetch" | "clock"> {
  /** The name shown and kept. Default `openai`. */
  readonly provider?: string;
  /** Absent for servers that want none. */
  readonly apiKey?: string;
  /** Up to and with the version, like `http://127.0.0.1:11434/v1`. Default `https://api.openai.com/v1`. */
  readonly baseURL?: string;
  /** In US dollars per million tokens. Without it a cost is unknown. */
  readonly price?: Price;
  /** Attempts in all, the first included. Default 3. */
  readonly attempts?: number;
  /** How long one attempt may take, in milliseconds. Default 60,000. */
  readonly timeout?: number;
  readonly random?: Random;
}

/** What a call sends, and how its answer is read; `read` gives nothing for an answer that is none. */
export interface WholeCall<TAnswer> {
  readonly task: EmbeddingFacts["task"];
  readonly path: string;
  readonly body: { readonly [key: string]: unknown };
  readonly signal: AbortSignal;
  readonly read: (answer: unknown) => TAnswer | undefined;
}

/** Makes calls of one server. */
export class WholeCalls {
  readonly id: Origin;
  readonly #options: WholeCallOptions;
  readonly #clock: Clock;
  #client: Promise<OpenAI> | undefined;

  /** @throws OptionError (`ORCH_OPTION`) for a number that is out of its range. */
  constructor(api: string, options: WholeCallOptions) {
    const { provider = "openai", model, attempts, timeout, clock = systemClock } = options;
    checkNumbers(COUNT, { attempts });
    checkNumbers(ABOVE, { timeout });
    this.id = { provider, api, model };
    this.#options = options;
    this.#clock = clock;
  }

  /** @throws EmbeddingError (`ORCH_EMBEDDING`), MissingSdkError (`ORCH_MISSING_SDK`). */
  async call<TAnswer>(call: WholeCall<TAnswer>): Promise<TAnswer> {
    const { provider, model } = this.id;
    const fail = (failure: ModelFailure): EmbeddingError =>
      new EmbeddingError({ model: `${provider}/${model}`, task: call.task, failure });
    for (let made = 1; ; made++) {
      const found = await this.#attempt(call);
      if ("answer" in found) return found.answer;
      const delay = delayBefore(made, found.failure, this.#options);
      if (delay === undefined) throw fail(found.failure);
      if (!(await waited(this.#clock, delay, call.signal))) throw fail(abortedFailure(provider));
    }
  }

  async #attempt<TAnswer>(
    call: WholeCall<TAnswer>,
  ): Promise<{ readonly answer: TAnswer } | { readonly failure: ModelFailure }> {
    const { apiKey, headers, timeout = 60_000 } = this.#options;
    const { provider } = this.id;
    const ctx = { provider, now: this.#clock.now(), secrets: secretsOf(apiKey, headers) };
    const abort = new LinkedAbort(call.signal);
    let late = false;
    const cancelTimer = this.#clock.after(timeout, () => {
      late = true;
      abort.abort();
    });
    try {
      this.#client ??= loadOpenAI({ ...this.#options, provider });
      const sdk = await this.#client;
      const body: unknown = await sdk.post(call.path, { body: call.body, signal: abort.signal });
      const answer = call.read(body);
      const unread = `${provider} sent an answer that cannot be read.`;
      return answer === undefined ? { failure: protocolFailure(unread, ctx) } : { answer };
    } catch (error) {
      if (isOrchError(error)) throw error;
      if (call.signal.aborted) return { failure: abortedFailure(provider) };
      const silence = `${provider} did not answer within ${timeout / 1_000} s.`;
      return {
        failure: late ? { kind: "timeout", message: silence, retryable: true } : failureOf(error, ctx),
      };
    } finally {
      cancelTimer();
      abort.dispose();
    }
  }
}

/** What a provider does in one test, in no provider's format: the test of an adapter writes it in its own. */
import type { Usage } from "@orch/agents";

/** A tool call of a scene. */
export interface SceneCall {
  readonly id: string;
  readonly name: string;
  /** The arguments as the model writes them; not always JSON. */
  readonly rawInput: string;
}

/** One answer of the provider. Its parts come in this order: reasoning, text, refusal, calls. */
export interface SceneAnswer {
  readonly reasoning?: string;
  readonly text?: string;
  readonly refusal?: string;
  readonly calls?: readonly SceneCall[];
  readonly usage?: Pick<Usage, "input" | "output" | "cacheRead" | "reasoning">;
  /** The provider's word for how it ended. Default: that it is whole. `unknown` is a word that no adapter knows. */
  readonly end?: "length" | "filtered" | "unknown";
  /** Instead of an answer: an HTTP error. */
  readonly error?: SceneError;
  /**
   * What goes wrong on the way: `error-event` after the content, `no-end` closes cleanly without an end marker,
   * `reset` breaks the connection in the middle, `stall` goes silent after the content, `silence` sends nothing at all, `web-page` sends
   * HTML with status 200, as a proxy does.
   */
  readonly fault?: "error-event" | "no-end" | "reset" | "stall" | "silence" | "web-page";
  /** Every byte is written by itself. */
  readonly bytewise?: true;
  /**
   * What servers do that only resemble the provider, where its format leaves room for it: `late-names` tells the name of a call after all else,
   * `snapshots` repeats the arguments until now with each piece, `placeholder` begins them with an empty object, `tagged` writes the reasoning
   * between `<think>` tags into the text, `untold` tells no usage.
   */
  readonly manner?: "late-names" | "snapshots" | "placeholder" | "tagged" | "untold";
}

/** An HTTP error of a provider. */
export interface SceneError {
  readonly status: number;
  /**
   * The provider's type of it, in the words that OpenAI and Anthropic share, like `rate_limit_error`. `tool_use_failed` is a mistake of the
   * model, and `content_filter` a prompt that is refused, where the provider reports such things as errors.
   */
  readonly type: string;
  readonly message: string;
  /** Of the header `Retry-After`, in seconds. */
  readonly retryAfter?: number;
}

/** What the provider answers to the first request, to the second, and so on; the last answer serves all further ones. */
export interface ModelScene {
  readonly answers: readonly SceneAnswer[];
  /** The text of the answer does not matter for this test, so a model without a script can take part. */
  readonly anyWords?: true;
}

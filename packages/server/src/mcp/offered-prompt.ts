/** Prompts as an application offers them: texts that a person chooses in its client. */
import { ServerSetupError } from "../errors/server-setup-error.ts";
import type { Principal } from "../words/principal.ts";

/** Who asks, for what an application makes at a request. */
export interface McpCaller {
  /** Absent where the server has no principals. */
  readonly principal?: Principal;
  /** Aborts when the client has gone or the server stops. */
  readonly signal: AbortSignal;
}

/** A part of a message, in the words of the protocol. `data` and `blob` are base64. */
export type McpContent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image" | "audio"; readonly data: string; readonly mimeType: string }
  | {
      readonly type: "resource";
      readonly resource:
        | { readonly uri: string; readonly mimeType?: string; readonly text: string }
        | { readonly uri: string; readonly mimeType?: string; readonly blob: string };
    }
  | { readonly type: "resource_link"; readonly uri: string; readonly name: string };

/** A message of a prompt. */
export interface McpMessage {
  readonly role: "user" | "assistant";
  readonly content: McpContent;
}

/** What a prompt says: messages, or one text of the user. */
export type McpPromptText = string | readonly McpMessage[];

/** An argument of a prompt; its value is a text. */
export interface McpArgument {
  readonly description?: string;
  /** Default `false`. */
  readonly required?: boolean;
  /** Proposes values for what was typed so far; `others` are the arguments that have a value already. */
  readonly complete?: McpCompletion;
}

/** Proposes values, the best ones first. A client is told the first 100. */
export type McpCompletion = (
  typed: string,
  others: { readonly [name: string]: string },
  caller: McpCaller,
) => readonly string[] | Promise<readonly string[]>;

/** What every prompt has. */
export interface McpPromptFacts {
  /** For people; default: the name. */
  readonly title?: string;
  readonly description?: string;
  /** Of an orchestration's prompt the arguments are known from its input; what stands here is added to that. */
  readonly arguments?: { readonly [name: string]: McpArgument };
}

/** A prompt that the application writes. */
export interface McpWrittenPrompt extends McpPromptFacts {
  readonly messages:
    | McpPromptText
    | ((
        args: { readonly [name: string]: string },
        caller: McpCaller,
      ) => McpPromptText | Promise<McpPromptText>);
}

/**
 * A prompt that a run writes: the output of a public orchestration, given under its public name. A text is one message of the user;
 * a list of messages is taken as it is. It may ask the person. The orchestration is no tool then.
 */
export interface McpRunPrompt extends McpPromptFacts {
  readonly orchestration: string;
}

/** A prompt. */
export type McpPrompt = McpWrittenPrompt | McpRunPrompt;

/** The prompts of a door, by their names. */
export class OfferedPrompts {
  readonly all: { readonly [name: string]: McpPrompt };
  readonly #byOrchestration = new Map<string, McpPrompt>();

  /** @throws ServerSetupError */
  constructor(prompts: { readonly [name: string]: McpPrompt }) {
    this.all = prompts;
    for (const [name, prompt] of Object.entries(prompts)) {
      if (!/^[\w.-]{1,128}$/.test(name))
        throw new ServerSetupError({
          problem: `"${name}" is no name for a prompt: letters, digits, _, . and - will do`,
        });
      if (!("orchestration" in prompt)) continue;
      const { orchestration } = prompt;
      if (this.#byOrchestration.has(orchestration))
        throw new ServerSetupError({
          problem: `two prompts are made of the orchestration "${orchestration}"`,
        });
      this.#byOrchestration.set(orchestration, prompt);
    }
  }

  get isEmpty(): boolean {
    return Object.keys(this.all).length === 0;
  }

  named(name: unknown): McpPrompt | undefined {
    return typeof name === "string" && Object.hasOwn(this.all, name) ? this.all[name] : undefined;
  }

  /** The prompt that is made of an orchestration; `undefined` for one that is a tool. */
  of(orchestration: string): McpPrompt | undefined {
    return this.#byOrchestration.get(orchestration);
  }
}

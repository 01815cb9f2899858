/** The configuration as its writer sees it: the public door `@orch/chat/config`. It imports nothing, so that it costs nothing. */

/** An orchestration in the configuration. */
export interface OrchestrationConfig {
  /** A file whose default export makes it; relative to the configuration. Absent for a bundled one. */
  readonly file?: string | undefined;
  /** As `provider/model`, for this orchestration only. */
  readonly model?: string | undefined;
  /** Models for single states, by the state; `searchAll/search` is the state `search` inside of `searchAll`. */
  readonly states?: { readonly [state: string]: { readonly model?: string | undefined } } | undefined;
  /** One line about it, for `/orc`. */
  readonly description?: string | undefined;
}

/** The facts of one model. */
export interface ModelConfig {
  /** How much it reads, in tokens. */
  readonly contextWindow?: number | undefined;
  /** The longest answer, in tokens. */
  readonly maxOutputTokens?: number | undefined;
  /** In US dollars per million tokens. Without it a cost is unknown, and none is shown. */
  readonly price?:
    | {
        readonly input: number;
        readonly output: number;
        readonly cacheRead?: number | undefined;
        readonly cacheWrite?: number | undefined;
        readonly cacheWriteLong?: number | undefined;
      }
    | undefined;
  /** Corrects what is assumed of it: `images`, `files`, `tools` and so on. */
  readonly caps?: { readonly [ability: string]: unknown } | undefined;
  /** How long it may be silent, in milliseconds. */
  readonly timeouts?:
    | {
        readonly firstEvent?: number | undefined;
        readonly idle?: number | undefined;
        readonly total?: number | undefined;
      }
    | undefined;
  /** The most attempts of a call that fails before its first output. Default 3. */
  readonly attempts?: number | undefined;
}

/** A server of tools: `command` starts it, or `url` says where it is. */
export interface McpConfig {
  readonly command?: string | undefined;
  readonly args?: readonly string[] | undefined;
  /** Added to the few variables that a server inherits; no key is among those. */
  readonly env?: { readonly [variable: string]: string } | undefined;
  /** Where it is started. Default: the folder. */
  readonly cwd?: string | undefined;
  readonly url?: string | undefined;
  /** Sent with every request to `url`. */
  readonly headers?: { readonly [name: string]: string } | undefined;
  /** The tools that may be used, by the server's names; `*` stands for any letters. Default: all. */
  readonly allow?: readonly string[] | undefined;
  /** Whether you are asked before each call. Default: before calls of tools that do not say that they only read. */
  readonly approve?: boolean | undefined;
}

/** Workers that drive the runs, and the Restate server between them and this program. */
export interface HostConfig {
  readonly kind: "restate";
  /** Where runs are started and answered, like `http://127.0.0.1:8080`. */
  readonly ingress: string;
  /** Where runs are listed and the workers are known, like `http://127.0.0.1:9070`. */
  readonly admin: string;
  /** What the names of the workers' services begin with. Default `orch`. */
  readonly prefix?: string | undefined;
  /** For `orch worker`: the public keys of the servers that may call it. Default: whoever reaches its port may. */
  readonly identityKeys?: readonly string[] | undefined;
}

/** The settings of the chat. Every one has a default. */
export interface Config {
  readonly $schema?: string | undefined;
  /** As `provider/model`. Default: by the keys in the environment, else `local/extractive`. */
  readonly model?: string | undefined;
  /** Which orchestration answers. Default `chat` with a language model, else `research`. */
  readonly orchestration?: string | undefined;
  /** Providers by name, as `resolveModel` of `@orch/agents` takes them. */
  readonly providers?: { readonly [name: string]: { readonly [setting: string]: unknown } } | undefined;
  /** The facts of single models, by `provider/model` or `provider/alias`. */
  readonly models?: { readonly [name: string]: ModelConfig } | undefined;
  /** Orchestrations of your own, and models for bundled ones. */
  readonly orchestrations?: { readonly [name: string]: OrchestrationConfig } | undefined;
  /** What becomes of a message that is sent while another one is answered. Default `queue`: it waits its turn. */
  readonly inbox?: "queue" | "interrupt" | "reject" | undefined;
  readonly limits?:
    | {
        /** Model calls that an agent may make for one message. Default 10. */
        readonly maxTurns?: number | undefined;
        /** Branches of a fan-out that run at once. Default 4. */
        readonly concurrency?: number | undefined;
      }
    | undefined;
  readonly ui?:
    | {
        /** The colours, all of them those that the terminal defines. Default `auto`: by what the terminal tells of itself. */
        readonly theme?: "auto" | "dark" | "light" | "high-contrast" | "mono" | undefined;
        /** Appends lines that a screen reader can read out, and redraws nothing. Default false. */
        readonly screenReader?: boolean | undefined;
        /** Vim keys in the input. Default false. */
        readonly vim?: boolean | undefined;
        /** Which signs are drawn. Default `auto`. */
        readonly glyphs?: "auto" | "unicode" | "ascii" | undefined;
        /**
         * How you are told that a question waits, or that an answer took longer than `after` seconds: by the `bell` of the
         * terminal, by a notification of the desktop (`osc9`), or not at all. Default `{ after: 20, via: "bell" }`.
         */
        readonly notify?:
          | { readonly after?: number | undefined; readonly via?: "bell" | "osc9" | "off" | undefined }
          | undefined;
      }
    | undefined;
  /** Servers of tools, by names that the tools' names begin with. */
  readonly mcp?: { readonly [name: string]: McpConfig } | undefined;
  /** Whether the registry is asked once a day for a newer version. Default `daily`. */
  readonly updates?: "daily" | "off" | undefined;
  readonly log?:
    | {
        /** How much is written to the log. Default `info`. */
        readonly level?: "off" | "error" | "warn" | "info" | "debug" | undefined;
      }
    | undefined;
  /** Where runs are driven. Default: by this program, kept in the file of the sessions. */
  readonly host?: HostConfig | undefined;
  /** What `orch serve` lets others reach. */
  readonly serve?:
    | {
        /** The names under which orchestrations are public, and their own. Default: all, under their own names. */
        readonly orchestrations?: { readonly [name: string]: string } | undefined;
        /** The names by which the server may be called, beside those of this machine. */
        readonly hosts?: readonly string[] | undefined;
        /** The origins of pages that may call, like `https://example.org`. */
        readonly origins?: readonly string[] | undefined;
        /** How many requests a caller may make in a minute. Default: any number. */
        readonly perMinute?: number | undefined;
      }
    | undefined;
  readonly sessions?:
    | {
        /** The database of conversations; relative to the configuration. */
        readonly file?: string | undefined;
        /** Conversations that were not used for so many days are deleted. Default: they are kept. */
        readonly keepDays?: number | undefined;
      }
    | undefined;
  readonly context?:
    | {
        /** What is done with the beginning of a conversation that grew long. What is kept is never shortened. Default `trim`. */
        readonly strategy?: "trim" | "summarize" | "off" | undefined;
        /** From which share of the model's window on, more than 0 and at most 1. Default 0.7. */
        readonly share?: number | undefined;
      }
    | undefined;
}

/**
 * Gives its argument back, typed: for `orch.config.ts`.
 *
 * @example
 * ```ts
 * import { defineConfig } from "@orch/chat/config";
 * export default defineConfig({ model: "anthropic/claude-sonnet-5-5" });
 * ```
 */
export function defineConfig(config: Config): Config {
  return config;
}

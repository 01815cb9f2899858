/** The arguments and the result of the function that an orchestration file exports. */
import type { Model, Tool } from "@orch/agents";
import type { FindFiles } from "@orch/agents/files";
import type { RuntimeConfiguration } from "@orch/chat-runtime";
import type { Clock, Orchestration } from "@orch/core";

/** What an orchestration is made from. */
export interface OrchestrationContext {
  /** The model that the user chose. */
  readonly model: Model;
  /** The folder that may be read. */
  readonly root: string;
  readonly clock: Clock;
  /**
   * What git writes in the folder, like of `["diff"]`; `undefined` where it fails. Use it to read only. Programs that the
   * settings of the repository name are not run. The chat gives it always.
   */
  readonly git?: (args: readonly string[]) => Promise<string | undefined>;
  /**
   * Finds files of the folder by what they hold, also where there are more of them than are listed: give it to `fileTools`.
   * The chat gives it always.
   */
  readonly find?: FindFiles;
  /** The tools of the MCP servers that are configured, once they are connected. The chat gives it where there are any. */
  readonly mcpTools?: () => Promise<readonly Tool[]>;
  readonly limits: {
    /** Model calls that an agent may make for one message. */
    readonly maxTurns: number;
    /** Branches of a fan-out that run at once. */
    readonly concurrency: number;
  };
}

/** What can answer messages: an orchestration that takes their text, or a runtime configuration. */
export type AnswerSource = Orchestration<string, unknown> | RuntimeConfiguration;

/**
 * Makes what answers messages: the default export of an orchestration file. The exports `input` and `output` of the file, schemas of zod or
 * another library, are those of its typed runs in `orch serve`.
 *
 * @example
 * ```ts
 * import type { OrchestrationFactory } from "@orch/chat";
 * import { orchestration, runnable } from "@orch/core";
 *
 * const shout = runnable("shout", (text: string) => text.toUpperCase());
 * const make: OrchestrationFactory = () => orchestration("shouting", (o) => o.start(shout).finish(shout));
 * export default make;
 * ```
 */
export type OrchestrationFactory = (context: OrchestrationContext) => AnswerSource | Promise<AnswerSource>;

/**
 * What the rows of states say of their outputs, by the ids of the states: the export `summaries` of an orchestration
 * file. A state without one is told by what can be counted in its output.
 *
 * @example
 * ```ts
 * import type { StateSummaries } from "@orch/chat";
 *
 * export const summaries: StateSummaries = {
 *   search: (found: readonly string[]) => `${found.length} files`,
 * };
 * ```
 */
export type StateSummaries = { readonly [state: string]: (output: never) => string };

import type { Random } from "@orch/core";
import type { OfferedPrompts } from "./offered-prompt.ts";
import type { OfferedResources } from "./offered-resource.ts";

/** Whether calls of a tool may be tasks: `required` makes each call one, `forbidden` none. */
export type TaskSupport = "forbidden" | "optional" | "required";

/** What the door is made with, as far as methods need it. */
export interface McpSettings {
  readonly name: string;
  readonly version: string;
  readonly taskSupport: (tool: string) => TaskSupport;
  /** After how many milliseconds a call becomes a task, where the client knows tasks. */
  readonly taskAfter: number;
  readonly prompts: OfferedPrompts;
  readonly resources: OfferedResources;
  /** Makes the ids of sessions. */
  readonly random: Random;
}

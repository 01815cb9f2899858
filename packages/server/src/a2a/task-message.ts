import type { Json, JsonSchema } from "@orch/core";
import { isObject, type JsonObject } from "../reply/json-object.ts";
import { typedInput } from "../reply/typed-input.ts";
import { type A2aOutcome, a2aFault, unfitParams } from "./a2a-fault.ts";
import { MODES } from "./agent-card.ts";
import { isContext } from "./task-id.ts";

/** What a message holds: a text, or one value. */
export type MessageValue =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "data"; readonly value: Json };

/** A message of a client. */
export interface TaskMessage {
  readonly value: MessageValue;
  /** The task that it belongs to; a new one without it. */
  readonly task?: string;
  readonly context?: string;
  /** The question that it answers. */
  readonly question?: string;
  /** The client waits for nothing. */
  readonly isImmediate: boolean;
}

type Fault = Extract<A2aOutcome, { fault: unknown }>;

/** Reads the params of a message that is sent. */
export function taskMessage(params: JsonObject): TaskMessage | Fault {
  const { message, configuration = {} } = params;
  if (!isObject(message)) return unfitParams("message is no object.");
  if (!isObject(configuration)) return unfitParams("configuration is no object.");
  if (message["role"] !== "ROLE_USER") return unfitParams("The role of the message is not ROLE_USER.");
  if (!isText(message["messageId"])) return unfitParams("The message has no messageId.");
  const value = valueIn(message["parts"]);
  if ("fault" in value) return value;
  const refused = refusedSetting(configuration);
  if (refused !== undefined) return refused;
  const [task, context] = [textIn(message["taskId"]), textIn(message["contextId"])];
  if (task === null || context === null) return unfitParams("taskId or contextId is no text.");
  if (context !== undefined && task === undefined && !isContext(context))
    return unfitParams("A contextId of your own has 1 to 43 letters, digits, _ or -.");
  const question = isObject(message["metadata"]) ? message["metadata"]["question"] : undefined;
  return {
    value,
    ...(task !== undefined && { task }),
    ...(context !== undefined && { context }),
    ...(typeof question === "string" && { question }),
    isImmediate: configuration["returnImmediately"] === true,
  };
}

/** The input of a run that a message starts. */
export function inputOf(value: MessageValue, schema: JsonSchema | undefined): Json {
  if (value.type === "data") return value.value;
  return typedInput(schema, [{ role: "user", text: value.text }]);
}

function valueIn(parts: Json | undefined): MessageValue | Fault {
  if (!Array.isArray(parts) || parts.length === 0) return unfitParams("The message has no parts.");
  const texts: string[] = [];
  for (const part of parts as readonly Json[]) {
    if (!isObject(part)) return unfitParams("A part of the message is no object.");
    const { text, data } = part;
    if (typeof text === "string") texts.push(text);
    else if (data === undefined)
      return a2aFault("CONTENT_TYPE_NOT_SUPPORTED", "A part is a text or data; files are not taken.");
    else if (parts.length > 1) return unfitParams("Data is the only part of a message.");
    else return { type: "data", value: data };
  }
  return { type: "text", text: texts.join("\n") };
}

function refusedSetting({ taskPushNotificationConfig, acceptedOutputModes }: JsonObject): Fault | undefined {
  if (taskPushNotificationConfig !== undefined && taskPushNotificationConfig !== null)
    return a2aFault("PUSH_NOTIFICATION_NOT_SUPPORTED", "This server sends no push notifications.");
  if (!Array.isArray(acceptedOutputModes) || acceptedOutputModes.length === 0) return undefined;
  const known = ["*/*", "text/*", "application/*", ...MODES];
  if ((acceptedOutputModes as readonly Json[]).some((mode) => known.includes(String(mode)))) return undefined;
  return a2aFault("CONTENT_TYPE_NOT_SUPPORTED", `An output is one of ${MODES.join(", ")}.`);
}

function isText(value: Json | undefined): value is string {
  return typeof value === "string" && value !== "";
}

/** A text; `undefined` for what is left out, and `null` for what is no text. */
function textIn(value: Json | undefined): string | undefined | null {
  if (value === undefined || value === null || value === "") return undefined;
  return typeof value === "string" ? value : null;
}

/** A screen that a model looks at and acts on, by a handler of yours. */
import type { Tool, ToolContext } from "../../agent/tool.ts";
import { isObject, type JsonObject } from "../../platform/json-object.ts";
import type { ScreenOptions } from "../../words/provider-tool.ts";
import { type HandledToolOptions, handledTool } from "./provider-tool.ts";

/** One thing that the model wants done. Places are in pixels from the upper left corner. */
export type ComputerAction =
  | { readonly type: "screenshot" }
  | {
      readonly type: "click";
      readonly x?: number;
      readonly y?: number;
      readonly button: "left" | "right" | "middle" | "back" | "forward";
      /** 2 for a double click, 3 for a triple one. */
      readonly count: number;
      /** Held meanwhile, like `ctrl`. */
      readonly keys: readonly string[];
    }
  | { readonly type: "press" | "release"; readonly x?: number; readonly y?: number }
  | { readonly type: "move"; readonly x: number; readonly y: number }
  | { readonly type: "drag"; readonly path: readonly { readonly x: number; readonly y: number }[] }
  | {
      readonly type: "scroll";
      readonly x?: number;
      readonly y?: number;
      /** As the provider counts: pixels at OpenAI, clicks of a wheel at Anthropic. Down and right are positive. */
      readonly dx: number;
      readonly dy: number;
    }
  | { readonly type: "keys"; readonly keys: readonly string[]; readonly duration?: number }
  | { readonly type: "type"; readonly text: string }
  /** `duration` is in milliseconds, where the model says it. */
  | { readonly type: "wait"; readonly duration?: number }
  /** An action that this package does not know, as the model wrote it. */
  | { readonly type: "other"; readonly input: JsonObject };

/** What the screen shows after the actions. */
export interface Screenshot {
  /** In base64. */
  readonly data: string;
  /** Default `image/png`. */
  readonly mediaType?: string;
}

/** Does what is wanted, best in a machine that holds nothing of yours, and gives what the screen shows then. */
export type ComputerHandler = (
  actions: readonly ComputerAction[],
  ctx: ToolContext,
) => Screenshot | Promise<Screenshot>;

/** What {@link computer} takes. */
export interface ComputerOptions extends HandledToolOptions<readonly ComputerAction[]>, ScreenOptions {
  readonly handler: ComputerHandler;
}

/**
 * A computer that OpenAI's and Anthropic's models know how to use. This package moves no mouse: your handler does, and a person
 * agrees to each call unless `approve` says otherwise. A call that OpenAI itself holds to be unsafe is always asked about.
 */
export function computer({ handler, width, height, approve = true, ...options }: ComputerOptions): Tool {
  return handledTool<{ readonly actions: readonly ComputerAction[]; readonly unsafe: boolean }>(
    "computer",
    "Looks at a screen and acts on it.",
    { type: "computer", width, height },
    {
      ...options,
      approve: ({ actions, unsafe }) =>
        unsafe || (typeof approve === "function" ? approve(actions) : approve),
      read: (input) => ({ actions: actionsOf(input), unsafe: isUnsafe(input) }),
      invoke: async ({ actions }, ctx) => {
        const { data, mediaType = "image/png" } = await handler(actions, ctx);
        return [{ type: "file", mediaType, data }];
      },
    },
  );
}

/** Whether the provider asks that a person looks at the call. */
function isUnsafe({ safetyChecks }: JsonObject): boolean {
  return Array.isArray(safetyChecks) && safetyChecks.length > 0;
}

/** OpenAI sends a list of actions, Anthropic one. */
function actionsOf(input: JsonObject): readonly ComputerAction[] {
  const { actions } = input;
  if (Array.isArray(actions)) return actions.filter(isObject).map(openaiAction);
  return [anthropicAction(input)];
}

type Place = { readonly x?: number; readonly y?: number };

function placeOf(x: unknown, y: unknown): Place {
  return { ...(typeof x === "number" && { x }), ...(typeof y === "number" && { y }) };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function figure(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

const BUTTONS = { left: "left", right: "right", wheel: "middle", back: "back", forward: "forward" } as const;

function openaiAction(action: JsonObject): ComputerAction {
  const at = placeOf(action["x"], action["y"]);
  const keys = texts(action["keys"]);
  switch (action["type"]) {
    case "screenshot":
    case "wait":
      return { type: action["type"] };
    case "click": {
      const named = action["button"] as keyof typeof BUTTONS;
      return { type: "click", ...at, button: BUTTONS[named] ?? "left", count: 1, keys };
    }
    case "double_click":
      return { type: "click", ...at, button: "left", count: 2, keys };
    case "move":
      return { type: "move", x: figure(action["x"]), y: figure(action["y"]) };
    case "drag": {
      const path = Array.isArray(action["path"]) ? action["path"].filter(isObject) : [];
      return { type: "drag", path: path.map(({ x, y }) => ({ x: figure(x), y: figure(y) })) };
    }
    case "scroll":
      return { type: "scroll", ...at, dx: figure(action["scroll_x"]), dy: figure(action["scroll_y"]) };
    case "keypress":
      return { type: "keys", keys };
    case "type":
      return { type: "type", text: String(action["text"] ?? "") };
    default:
      return { type: "other", input: action };
  }
}

const CLICKS: { readonly [action: string]: readonly ["left" | "right" | "middle", number] } = {
  left_click: ["left", 1],
  right_click: ["right", 1],
  middle_click: ["middle", 1],
  double_click: ["left", 2],
  triple_click: ["left", 3],
};
const SECOND = 1_000;

function anthropicAction(input: JsonObject): ComputerAction {
  const name = String(input["action"] ?? "");
  const [x, y] = Array.isArray(input["coordinate"]) ? input["coordinate"] : [];
  const at = placeOf(x, y);
  const text = typeof input["text"] === "string" ? input["text"] : "";
  const click = Object.hasOwn(CLICKS, name) ? CLICKS[name] : undefined;
  if (click !== undefined)
    return { type: "click", ...at, button: click[0], count: click[1], keys: keysOf(text) };
  switch (name) {
    case "screenshot":
      return { type: "screenshot" };
    case "left_mouse_down":
      return { type: "press", ...at };
    case "left_mouse_up":
      return { type: "release", ...at };
    case "mouse_move":
      return { type: "move", x: figure(x), y: figure(y) };
    case "left_click_drag": {
      const [fromX, fromY] = Array.isArray(input["start_coordinate"]) ? input["start_coordinate"] : [x, y];
      const from = { x: figure(fromX), y: figure(fromY) };
      return { type: "drag", path: [from, { x: figure(x), y: figure(y) }] };
    }
    case "scroll":
      return { type: "scroll", ...at, ...scrollOf(input) };
    case "key":
      return { type: "keys", keys: keysOf(text) };
    case "hold_key":
      return { type: "keys", keys: keysOf(text), duration: figure(input["duration"]) * SECOND };
    case "type":
      return { type: "type", text };
    case "wait":
      return { type: "wait", duration: figure(input["duration"]) * SECOND };
    default:
      return { type: "other", input };
  }
}

/** `ctrl+s` is two keys, `+` alone is one. */
function keysOf(text: string): readonly string[] {
  if (text === "") return [];
  return text.split(/(?<=[^+])\+(?=.)/);
}

function scrollOf(input: JsonObject): { readonly dx: number; readonly dy: number } {
  const amount = figure(input["scroll_amount"]);
  switch (input["scroll_direction"]) {
    case "up":
      return { dx: 0, dy: -amount };
    case "left":
      return { dx: -amount, dy: 0 };
    case "right":
      return { dx: amount, dy: 0 };
    default:
      return { dx: 0, dy: amount };
  }
}

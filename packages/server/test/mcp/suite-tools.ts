/** The orchestrations that the conformance suite of MCP calls, under the names that it gives them. */
import {
  all,
  type Json,
  type JsonSchema,
  orchestration,
  question,
  runnable,
  type Schema,
  sleep,
} from "@orch/core";
import type { AnyOrchestration } from "@orch/core/host";
import { z } from "zod";
import type { OrchestrationOffer } from "../../src/index.ts";
import { PNG } from "./suite-offers.ts";

/** A moment of silence. */
const WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA==";

const nothing = z.object({});
const text = (value: string): Json => value;

/** An orchestration of one state that gives a value. */
function gives(name: string, value: Json): AnyOrchestration {
  const state = runnable("give", () => value);
  return orchestration(name, (o) => o.start(state).finish(state));
}

function fails(name: string, error: () => Error): AnyOrchestration {
  const state = runnable("fail", () => {
    throw error();
  });
  return orchestration(name, (o) => o.start(state).finish(state));
}

/** Asks for the fields of a form, and tells what was answered. */
function asks(
  name: string,
  state: string,
  answer: Schema<unknown>,
  prompt = "Please answer.",
): AnyOrchestration {
  const ask = question(state, { ask: (input: { message?: string }) => input.message ?? prompt, answer });
  const told = runnable("told", (given: unknown) => `action=accept, content=${JSON.stringify(given)}`);
  return orchestration(name, (o) => o.start(ask).advance(ask, told).finish(told));
}

function greets(name: string): AnyOrchestration {
  const hello = runnable("hello", ({ name: who }: { name: string }) => `Hello, ${who}!`);
  return orchestration(name, (o) => o.start(hello).finish(hello));
}

/** Three states, one after the other. */
function steps(name: string): AnyOrchestration {
  const [one, two, three] = ["begin", "middle", "end"].map((id) => runnable(id, (value: unknown) => value));
  const done = runnable("done", () => "Done.");
  return orchestration(name, (o) =>
    o.start(one!).advance(one!, two!).advance(two!, three!).advance(three!, done).finish(done),
  );
}

/** Gives back the argument that stands in a header too. */
function echoes(name: string): AnyOrchestration {
  const echo = runnable("echo", ({ region }: { region?: string }) => region ?? "nowhere");
  return orchestration(name, (o) => o.start(echo).finish(echo));
}

/** Two questions, one after the other. */
function twoRounds(name: string): AnyOrchestration {
  const first = question("step1", {
    ask: "Step 1: what is your name?",
    answer: z.object({ name: z.string() }),
  });
  const second = question("step2", { ask: "Step 2: which colour?", answer: z.object({ color: z.string() }) });
  const done = runnable("done", (given: unknown) => JSON.stringify(given));
  return orchestration(name, (o) => o.start(first).advance(first, second).advance(second, done).finish(done));
}

/** Two questions at once. */
function twoAtOnce(name: string): AnyOrchestration {
  const one = question("user_name", { ask: "What is your name?", answer: z.object({ name: z.string() }) });
  const other = question("user_colour", { ask: "Which colour?", answer: z.object({ name: z.string() }) });
  const both = all("both", { one, other });
  const done = runnable("done", (given: unknown) => JSON.stringify(given));
  return orchestration(name, (o) => o.start(both).advance(both, done).finish(done));
}

/** Takes as long as it is told. */
function computes(name: string): AnyOrchestration {
  const wait = sleep("wait", ({ seconds }: { seconds: number }) => seconds * 1000);
  const done = runnable("done", () => "Computed.");
  return orchestration(name, (o) => o.start(wait).advance(wait, done).finish(done));
}

/** Goes round until the engine stops it: a failure that is not the program's. */
function runsAway(name: string): AnyOrchestration {
  const again = runnable("again", (value: unknown) => value);
  const back = runnable("back", (value: unknown) => value);
  const end = runnable("end", () => "never");
  return orchestration(
    name,
    (o) =>
      o
        .start(again)
        .advance(again, back)
        .advance(back, again, { when: () => true })
        .advance(back, end, { when: () => false })
        .finish(end),
    { maxSteps: 5 },
  );
}

/** Asks, then works for a while with the answer. */
function asksThenWorks(name: string): AnyOrchestration {
  const ask = question("user_name", { ask: "What is your name?", answer: z.object({ name: z.string() }) });
  const wait = sleep<{ name: string }>("wait", 1500);
  const done = runnable("done", (given: { name: string }) => `Hello, ${given.name}!`);
  return orchestration(name, (o) => o.start(ask).advance(ask, wait).advance(wait, done).finish(done));
}

const image = { type: "image", data: PNG, mimeType: "image/png" };
const resource = {
  uri: "test://embedded-resource",
  mimeType: "text/plain",
  text: "This is an embedded resource.",
};

const defaults = z.object({
  name: z.string().default("John Doe"),
  age: z.int().default(30),
  score: z.number().default(95.5),
  status: z.enum(["active", "inactive", "pending"]).default("active"),
  verified: z.boolean().default(true),
});

/** A schema of JSON Schema alone, word for word. */
function written(schema: JsonSchema): Schema {
  const validate = (value: unknown): { value: unknown } => ({ value });
  return {
    "~standard": { version: 1, vendor: "test", validate, jsonSchema: { input: () => schema } },
  } as Schema;
}

const titled = (...names: string[]): object[] =>
  names.map((name) => ({ const: `value${name}`, title: `Option ${name}` }));

const choices: JsonSchema = {
  type: "object",
  properties: {
    untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
    titledSingle: { type: "string", oneOf: titled("1", "2", "3") },
    legacyEnum: { type: "string", enum: ["opt1", "opt2"], enumNames: ["Option One", "Option Two"] },
    untitledMulti: { type: "array", items: { type: "string", enum: ["option1", "option2", "option3"] } },
    titledMulti: { type: "array", items: { anyOf: titled("1", "2", "3") } },
  },
};

const addressed: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: {
    address: {
      $anchor: "address",
      type: "object",
      properties: { street: { type: "string" }, city: { type: "string" } },
    },
  },
  properties: { name: { type: "string" }, address: { $ref: "#/$defs/address" } },
  allOf: [{ anyOf: [{ required: ["name"] }, { required: ["address"] }] }],
  if: { required: ["address"] },
  // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
  then: { required: ["name"] },
  else: { required: ["name"] },
  additionalProperties: false,
};

/** The tools, by their names. */
export const suiteTools: { readonly [name: string]: OrchestrationOffer } = Object.fromEntries(
  [
    gives("test_simple_text", text("This is a simple text response for testing.")),
    gives("test_image_content", [image]),
    gives("test_audio_content", [{ type: "audio", data: WAV, mimeType: "audio/wav" }]),
    gives("test_embedded_resource", [{ type: "resource", resource }]),
    gives("test_multiple_content_types", [
      { type: "text", text: "Multiple content types test:" },
      image,
      {
        type: "resource",
        resource: { uri: "test://mixed-content-resource", mimeType: "application/json", text: "{}" },
      },
    ]),
    fails("test_error_handling", () => new TypeError("This tool intentionally returns an error for testing")),
    steps("test_tool_with_progress"),
    steps("test_reconnection"),
    asks("test_elicitation", "ask", z.object({ username: z.string(), email: z.string() })),
    asks("test_elicitation_sep1034_defaults", "ask", defaults),
    asks(
      "test_input_required_result_elicitation",
      "user_name",
      z.object({ name: z.string() }),
      "What is your name?",
    ),
    asks("test_input_required_result_request_state", "confirm", z.object({ ok: z.boolean() })),
    asks("test_input_required_result_tampered_state", "confirm", z.object({ ok: z.boolean() })),
    asks("test_streaming_elicitation", "ask", z.object({ name: z.string() })),
    twoRounds("test_input_required_result_multi_round"),
    greets("greet"),
    steps("test_logging_tool"),
    steps("test_tool_with_logging"),
    echoes("test_x_mcp_header"),
    asks("test_elicitation_sep1330_enums", "ask", written(choices)),
    gives("json_schema_2020_12_tool", text("Kept.")),
    computes("slow_compute"),
    fails("failing_job", () => new TypeError("The job failed.")),
    runsAway("protocol_error_job"),
    asks("confirm_delete", "confirm", z.object({ confirm: z.boolean() }), "Delete it?"),
    twoAtOnce("multi_input"),
    asksThenWorks("test_tool_with_task"),
  ].map((flow) => [
    flow.id,
    { orchestration: flow, description: `The suite's ${flow.id}.`, input: inputOf(flow.id) },
  ]),
);

function inputOf(name: string): Schema {
  if (name === "json_schema_2020_12_tool") return written(addressed);
  if (name === "test_elicitation") return z.object({ message: z.string() });
  if (name === "test_x_mcp_header")
    return z.object({ region: z.string().meta({ "x-mcp-header": "Region" }).optional() });
  if (name === "greet") return z.object({ name: z.string() });
  if (name === "slow_compute") return z.object({ seconds: z.number(), label: z.string().optional() });
  if (name === "confirm_delete") return z.object({ filename: z.string() });
  return nothing;
}

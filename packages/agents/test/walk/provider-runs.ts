/** Tools that run at the provider in a random walk: which a target has, what comes of them in its words, and that it gets back what it made and nothing else. */

import type { Tool } from "../../src/agent/tool.ts";
import { codeExecution, hostedMcp, imageGeneration, webFetch, webSearch } from "../../src/provider-tools.ts";
import { named, unnamed } from "../hostile-server.ts";
import type { WireName } from "../scenes.ts";
import type { Draw } from "./draw.ts";
import { isPlain, type Plain } from "./law.ts";

/** Whose tools a target has. */
export type Runs = "openai" | "anthropic" | "openrouter" | "groq" | "sdk-openai" | "sdk-anthropic";

const domains = ["example.com"];

/** Some of the tools that a target has. */
export function providerTools(draw: Draw, runs: Runs | undefined): readonly Tool[] {
  const mcp = hostedMcp({ label: "docs", url: "https://example.com/mcp", approval: "never" });
  const has: { readonly [runs in Runs]: readonly Tool[] } = {
    openai: [webSearch({ domains }), codeExecution(), imageGeneration({ size: "1024x1024" }), mcp],
    anthropic: [webSearch({ withoutDomains: domains, maxUses: 2 }), webFetch(), codeExecution(), mcp],
    openrouter: [webSearch({ domains }), webFetch({ maxUses: 3 })],
    groq: [webSearch({ withoutDomains: domains }), webFetch(), codeExecution()],
    "sdk-openai": [webSearch({ domains }), codeExecution(), imageGeneration()],
    "sdk-anthropic": [webSearch({ maxUses: 2 }), webFetch(), codeExecution()],
  };
  return runs === undefined ? [] : has[runs].filter(() => draw.chance(0.3));
}

/** Whether a request offers a tool that would run here. */
export function offersRuns(body: Plain): boolean {
  const tools = Array.isArray(body["tools"]) ? (body["tools"] as readonly Plain[]) : [];
  const own = ["function", "custom", undefined];
  return body["compound_custom"] !== undefined || tools.some(({ type }) => !own.includes(type as string));
}

/** One thing that ran: what a stream says of it, and what goes back. */
export interface Ran {
  readonly frames: (at: number) => readonly string[];
  /** By its id. */
  readonly kept: readonly (readonly [id: string, what: Plain])[];
}

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const WORDS = ["tea", "", "\u0000 null", "👩‍👩‍👧‍👦 ".repeat(200), "{", "<think>"];

/** Draws what ran; `nth` makes its ids. */
export function ranAt(wire: WireName, draw: Draw, nth: number): Ran {
  const said = draw.of(...WORDS);
  if (wire === "responses") return item(draw, said, nth);
  return wire === "messages" ? blocks(draw, said, nth) : executed(draw, said, nth);
}

function item(draw: Draw, said: string, nth: number): Ran {
  const id = `${draw.of("ws", "ci", "ig", "mcp")}_${nth}`;
  const status = draw.of("completed", "completed", "failed");
  const what: { readonly [kind: string]: Plain } = {
    ws: { type: "web_search_call", id, status, action: { type: "search", query: said } },
    ci: {
      type: "code_interpreter_call",
      id,
      status,
      code: said,
      container_id: "cntr_1",
      outputs: draw.of(
        null,
        [{ type: "logs", logs: said }],
        [{ type: "image", url: `data:image/png;base64,${PNG}` }],
      ),
    },
    ig: { type: "image_generation_call", id, status, result: status === "failed" ? null : PNG },
    mcp: {
      type: "mcp_call",
      id,
      server_label: "docs",
      name: "find",
      arguments: said,
      error: null,
      output: said,
    },
  };
  const made = what[id.split("_", 1)[0]!]!;
  return {
    kept: [[id, made]],
    frames: (at) => [
      named({ type: "response.output_item.added", output_index: at, item: made } as never),
      named({ type: "response.output_item.done", output_index: at, item: made } as never),
    ],
  };
}

function blocks(draw: Draw, said: string, nth: number): Ran {
  const id = `srvtoolu_${nth}`;
  const mcp = draw.chance(0.25);
  const [use, type, content]: readonly [Plain, string, unknown] = mcp
    ? [
        { type: "mcp_tool_use", id, name: "find", server_name: "docs", input: { q: said } },
        "mcp_tool_result",
        [{ type: "text", text: said }],
      ]
    : draw.of<() => readonly [Plain, string, unknown]>(
        () => [
          { type: "server_tool_use", id, name: "web_search", input: { query: said } },
          "web_search_tool_result",
          draw.of<unknown>(
            [{ type: "web_search_result", url: "https://example.com", title: said, encrypted_content: "x" }],
            { type: "web_search_tool_result_error", error_code: "unavailable" },
            [],
          ),
        ],
        () => [
          { type: "server_tool_use", id, name: "bash_code_execution", input: { command: said } },
          "bash_code_execution_tool_result",
          {
            type: "bash_code_execution_result",
            stdout: said,
            stderr: "",
            return_code: draw.below(2),
            content: [],
          },
        ],
      )();
  const result = { type, tool_use_id: id, content, ...(mcp && { is_error: draw.chance(0.3) }) };
  const block = (index: number, whole: Plain, input?: unknown): readonly string[] => [
    named({
      type: "content_block_start",
      index,
      content_block: input === undefined ? whole : { ...whole, input: {} },
    } as never),
    ...(input === undefined
      ? []
      : [
          named({
            type: "content_block_delta",
            index,
            delta: { type: "input_json_delta", partial_json: JSON.stringify(input) },
          } as never),
        ]),
    named({ type: "content_block_stop", index } as never),
  ];
  return {
    kept: [
      [id, use],
      [`${id} result`, result],
    ],
    frames: (at) => [...block(at, use, use["input"]), ...block(at + 1, result)],
  };
}

/** Of Chat Completions nothing goes back. */
function executed(draw: Draw, said: string, nth: number): Ran {
  const tool = { index: nth % 7, type: "search", arguments: draw.of(JSON.stringify({ q: said }), said) };
  const url_citation = { url: "https://example.com", title: said, start_index: 0, end_index: 1 };
  const chunk = (delta: object): string => unnamed({ id: "c", choices: [{ index: 0, delta }] });
  return {
    kept: [],
    frames: () => [
      chunk({ executed_tools: [tool] }),
      chunk({ executed_tools: [{ ...tool, output: said }] }),
      chunk({ annotations: [{ type: "url_citation", url_citation }] }),
    ],
  };
}

/** What goes back of tools that ran is what was made here, whole, and each call with its result. */
export function foreignRuns(
  body: Plain,
  { wire, runs }: { readonly wire: WireName; readonly runs?: Runs },
  made: ReadonlyMap<string, Plain>,
): readonly string[] {
  if (wire === "chat") return [];
  const list = wire === "responses" ? objects(body["input"]) : objects(body["messages"]).flatMap(contentOf);
  const ran = list.filter(({ type }) => typeof type === "string" && RAN[wire].test(type));
  const problems = ran.flatMap((one) => {
    const { cache_control: _, ...what } = one;
    const id = typeof what["tool_use_id"] === "string" ? `${what["tool_use_id"]} result` : String(what["id"]);
    // The packages of the AI SDK write what they read in their own way.
    const same = runs?.startsWith("sdk-")
      ? made.has(id)
      : JSON.stringify(made.get(id)) === JSON.stringify(what);
    return same ? [] : [`${String(one["type"])} ${id} was not made here, or not like this`];
  });
  const uses = ran.filter(({ id }) => id !== undefined).map(({ id }) => id);
  const results = ran.flatMap((one) => one["tool_use_id"] ?? []);
  if (wire === "messages" && JSON.stringify(uses) !== JSON.stringify(results))
    problems.push(`the calls ${uses.join(", ")} have the results ${results.join(", ")}`);
  return problems;
}

const RAN = {
  responses: /^(?!function_|computer_|shell_).*_call$/,
  messages: /^(?:server|mcp)_tool_use$|^(?!tool_result$).*_tool_result$/,
} as const;

function contentOf(message: Plain): readonly Plain[] {
  return objects(message["content"]);
}

function objects(value: unknown): readonly Plain[] {
  return Array.isArray(value) ? value.filter(isPlain) : [];
}

/** The door of MCP, by the conformance suite of the protocol: the stable one, and the newest before its release. */
import { memoryHost } from "@orch/core/host";
import { afterAll, beforeAll, expect, it } from "vitest";
import { guard } from "../../src/guard/guard.ts";
import { createServer } from "../../src/index.ts";
import { mcp } from "../../src/mcp.ts";
import { type ListeningServer, listen } from "../../src/node/listen.ts";
import { conformance, type ScenarioResult } from "./conformance.ts";
import { suiteTools } from "./suite-tools.ts";

const PROMPTS = "Orch offers no prompts";
const SUITE_RESOURCES = "the resources of Orch are its orchestrations and runs, and not those of the suite";
const SAMPLING = "Orch asks people, and not the model of a client";

/** Scenarios of what the door does not have, each with the reason. One that passes all the same is a stale row. */
const NOT_OURS: { readonly [scenario: string]: string } = {
  "logging-set-level": "a session keeps nothing, so it keeps no level",
  "tools-call-with-logging": "states are told as progress, and not as lines of a log",
  "completion-complete": "Orch completes no arguments",
  "tools-call-sampling": SAMPLING,
  "resources-read-text": SUITE_RESOURCES,
  "resources-read-binary": SUITE_RESOURCES,
  "resources-templates-read": SUITE_RESOURCES,
  "resources-subscribe": "a run is followed by its call or its task",
  "resources-unsubscribe": "a run is followed by its call or its task",
  "prompts-list": PROMPTS,
  "prompts-get-simple": PROMPTS,
  "prompts-get-with-args": PROMPTS,
  "prompts-get-embedded-resource": PROMPTS,
  "prompts-get-with-image": PROMPTS,
};

/** The same of the suite before its release; a check of a scenario follows a colon. */
const NOT_OURS_NEXT: { readonly [scenario: string]: string } = {
  ...Object.fromEntries(
    Object.entries(NOT_OURS).filter(
      ([name]) =>
        !["logging-set-level", "tools-call-with-logging", "tools-call-sampling"].includes(name) &&
        !name.endsWith("subscribe"),
    ),
  ),
  "server-stateless:sep-2575-server-rejects-undeclared-capability": SAMPLING,
  "server-stateless:sep-2575-missing-capability-http-400": SAMPLING,
  "caching:sep-2549-prompts-list-caching-hints": PROMPTS,
  "input-required-result-basic-sampling": SAMPLING,
  "input-required-result-basic-list-roots": "Orch reads no folders of a client",
  "input-required-result-multiple-input-requests": "it wants sampling and roots beside a question",
  "input-required-result-non-tool-request": PROMPTS,
  "input-required-result-capability-check": SAMPLING,
  "http-custom-header-server-validation": "no argument of a tool is asked for in a header",
};

let listening: ListeningServer;
beforeAll(async () => {
  const tasks = {
    failing_job: "required",
    protocol_error_job: "required",
    confirm_delete: "required",
    multi_input: "required",
    greet: "forbidden",
  } as const;
  const doors = [mcp({ tasks, taskAfter: 200 })];
  const server = createServer({ host: memoryHost(), orchestrations: suiteTools, doors });
  listening = await listen(server, { around: guard(server) });
});
afterAll(() => listening.stop());

it("passes every scenario of the stable suite that it has something for", { timeout: 300_000 }, async () => {
  const results = await conformance("@modelcontextprotocol/conformance", `${listening.url}/mcp`, [
    "--suite",
    "all",
  ]);
  report("MCP suite 0.1.16", results, NOT_OURS);
  expect(results.length).toBe(32);
  expect(failures(results, NOT_OURS)).toEqual([]);
  expect(stale(results, NOT_OURS)).toEqual([]);
});

it("passes what the next suite asks of the protocol of 2026 and of its tasks", {
  timeout: 300_000,
}, async () => {
  const flags = ["--requirements", "2026-07-28"];
  const results = await conformance("mcp-conformance-next", `${listening.url}/mcp`, flags);
  report("MCP suite 0.2.0-alpha.12", results, NOT_OURS_NEXT);
  expect(results.length).toBeGreaterThan(45);
  expect(failures(results, NOT_OURS_NEXT)).toEqual([]);
  expect(stale(results, NOT_OURS_NEXT)).toEqual([]);
});

/** What failed and should not. */
function failures(
  results: readonly ScenarioResult[],
  known: { readonly [scenario: string]: string },
): string[] {
  return results.flatMap(({ scenario, failed }) =>
    failed
      .filter(({ id }) => !(scenario in known) && !(`${scenario}:${id}` in known))
      .map(({ id, says }) => `${scenario}:${id}: ${says}`),
  );
}

/** Rows of the table for what does not fail. */
function stale(results: readonly ScenarioResult[], known: { readonly [scenario: string]: string }): string[] {
  const failing = results.flatMap(({ scenario, failed }) =>
    failed.length === 0 ? [] : [scenario, ...failed.map(({ id }) => `${scenario}:${id}`)],
  );
  return Object.keys(known).filter((key) => !failing.includes(key));
}

function report(
  name: string,
  results: readonly ScenarioResult[],
  known: { readonly [scenario: string]: string },
): void {
  const passed = results.filter(({ failed }) => failed.length === 0);
  const apart = results.filter(({ scenario }) => scenario in known);
  const rest = results.filter((one) => !passed.includes(one) && !apart.includes(one));
  const names = (some: readonly ScenarioResult[]): string => some.map(({ scenario }) => scenario).join(" ");
  const checks = results.reduce((sum, one) => sum + one.passed, 0);
  console.log(
    `${name}: ${passed.length} passed (${checks} checks), ${apart.length} not applicable, ${rest.length} in part`,
  );
  console.log(`  passed: ${names(passed)}\n  not applicable: ${names(apart)}\n  in part: ${names(rest)}`);
}

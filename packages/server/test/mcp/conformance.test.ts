/** The door of MCP, by the conformance suite of the protocol: the stable one, and the newest before its release. */
import { memoryHost } from "@orch/core/host";
import { afterAll, beforeAll, expect, it } from "vitest";
import { thorough } from "../../../../scripts/lanes.ts";
import { guard } from "../../src/guard/guard.ts";
import { createServer } from "../../src/index.ts";
import { mcp } from "../../src/mcp.ts";
import { type ListeningServer, listen } from "../../src/node/listen.ts";
import { conformance, type ScenarioResult } from "./conformance.ts";
import { suiteBriefings, suitePrompts, suiteResources } from "./suite-offers.ts";
import { suiteTools } from "./suite-tools.ts";

const SAMPLING =
  "sampling is deprecated since 2026-07-28 (SEP-2577): Orch asks people, and models through its own providers";
const ROOTS = "roots are deprecated since 2026-07-28 (SEP-2577): Orch reads no folders of a client";

/** Scenarios of what the door does not have, each with the reason. One that passes all the same is a stale row. */
const NOT_OURS: { readonly [scenario: string]: string } = {
  "tools-call-sampling": SAMPLING,
};

/** The same of the suite before its release; a check of a scenario follows a colon. */
const NOT_OURS_NEXT: { readonly [scenario: string]: string } = {
  "server-stateless:sep-2575-server-rejects-undeclared-capability": SAMPLING,
  "server-stateless:sep-2575-missing-capability-http-400": SAMPLING,
  "input-required-result-basic-sampling": SAMPLING,
  "input-required-result-basic-list-roots": ROOTS,
  "input-required-result-multiple-input-requests": `it wants sampling and roots beside a question; ${SAMPLING}`,
  "input-required-result-capability-check": `it declares sampling alone; ${SAMPLING}`,
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
  const doors = [mcp({ tasks, taskAfter: 200, prompts: suitePrompts, resources: suiteResources })];
  const orchestrations = { ...suiteTools, ...suiteBriefings };
  const server = createServer({ host: memoryHost(), orchestrations, doors });
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

// Beside it stand the stable suite, and mcp-tasks.test.ts.
it.runIf(thorough)(
  "passes what the next suite asks of the protocol of 2026 and of its tasks",
  {
    timeout: 300_000,
  },
  async () => {
    const flags = ["--requirements", "2026-07-28"];
    const results = await conformance("mcp-conformance-next", `${listening.url}/mcp`, flags);
    report("MCP suite 0.2.0-alpha.12", results, NOT_OURS_NEXT);
    expect(results.length).toBeGreaterThan(45);
    expect(failures(results, NOT_OURS_NEXT)).toEqual([]);
    expect(stale(results, NOT_OURS_NEXT)).toEqual([]);
  },
);

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
  for (const [scenario, reason] of Object.entries(known)) console.log(`  ${scenario}: ${reason}`);
}

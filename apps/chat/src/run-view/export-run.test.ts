import { type OrchestrationEvent, orchestration, runnable } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { describe, expect, it } from "vitest";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { exportRun } from "./export-run.ts";
import { readRun } from "./run-reader.ts";
import { rowsOfRun } from "./run-rows.ts";
import { RUN_FORMATS } from "./run-view-state.ts";
import { stepDetails } from "./step-details.ts";

/** What a stranger writes: to the terminal, to a page, to Mermaid and to DOT. */
const EVIL = [
  "\u001b]52;c;cm0gLXJmIH4=\u0007",
  "\u001b]0;OWNED\u001b\\",
  "\u009b21t",
  "\u202egnp",
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '"]; end',
  '" -> x [label="',
  "\n```\n# Heading\n",
  "|pipe| {{x}}",
].join(" ");

async function evilRun(): Promise<readonly OrchestrationEvent[]> {
  const a = runnable("a", () => ({ [EVIL]: EVIL, list: [EVIL, { deep: EVIL }] }));
  const b = runnable("b", () => {
    throw new Error(EVIL, { cause: new Error(EVIL) });
  });
  const flow = orchestration("flow", (o) =>
    o
      .start(a)
      .advance(a, b, { label: EVIL, when: () => true })
      .finish(b),
  );
  const host = memoryHost();
  const run = flow.start(EVIL as never, { host });
  await run.result.catch(() => undefined);
  return host.events(flow, run.id);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

describe("an exported run of hostile texts", () => {
  it("has no control character in any form", async () => {
    const events = await evilRun();
    const run = readRun(events);
    for (const graph of [
      undefined,
      { id: "flow", nodes: [{ id: "a", kind: "runnable", start: true, finish: false }], edges: [] } as const,
    ])
      for (const format of RUN_FORMATS)
        expect(exportRun({ run, events, graph }, format), format).not.toMatch(CONTROL);
  });

  it("is one page without markup of others, which loads and runs nothing", async () => {
    const events = await evilRun();
    const page = exportRun({ run: readRun(events), events, graph: undefined }, "html");
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page).not.toMatch(/<(?:script|img|link|iframe|a)\b/i);
    expect(page).toContain("default-src 'none'");
    const tags = new Set([...page.matchAll(/<([a-z0-9]+)/g)].map(([, tag]) => tag));
    expect([...tags].toSorted()).toEqual([
      "b",
      "body",
      "details",
      "h1",
      "h4",
      "head",
      "html",
      "li",
      "meta",
      "p",
      "pre",
      "span",
      "style",
      "summary",
      "title",
      "ul",
    ]);
  });

  it("keeps its quotes in Mermaid and in DOT, and its fences in Markdown", async () => {
    const events = await evilRun();
    const exported = { run: readRun(events), events, graph: undefined };
    for (const line of exportRun(exported, "mermaid")
      .split("\n")
      .filter((each) => each.includes("OWNED")))
      expect(line).toMatch(/^ {2}s0 ==>\|"[^"\n]*"\| s1$/);
    for (const line of exportRun(exported, "dot")
      .split("\n")
      .filter((each) => each.includes("OWNED")))
      expect(line).toMatch(/^ {2}s0 -> s1 \[label="(?:[^"\\]|\\.)*", style=dashed, penwidth=2\]$/);
    const headings = exportRun(exported, "md")
      .split(/^(`{3,})\w*\n[\s\S]*?\n\1$/m)
      .filter((_, at) => at % 2 === 0);
    expect(headings.join("").match(/^#+ .*$/gm)).toEqual(["# flow", "## a", "## b"]);
  });

  it("can be read again from its JSON, event by event", async () => {
    const events = await evilRun();
    const text = exportRun({ run: readRun(events), events, graph: undefined }, "json");
    const read = JSON.parse(text) as { readonly run: unknown; readonly events: OrchestrationEvent[] };
    expect(read.events).toEqual(events);
    expect(JSON.parse(JSON.stringify(readRun(read.events)))).toEqual(read.run);
  });
});

it("shows hidden characters of hostile texts in the details, and none of them raw", async () => {
  const theme = createTheme({ env: { NO_COLOR: "1" } });
  for (const row of rowsOfRun(readRun(await evilRun()))) {
    const lines = stepDetails(row, { width: 60, theme }, 0).map(plainText);
    for (const line of lines) expect(line).not.toMatch(CONTROL);
    if (row.step.type === "state") expect(lines.join("")).toContain("⟨U+001B⟩");
  }
});

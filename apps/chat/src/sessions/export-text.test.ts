import { importSession, memorySessions, type Session } from "@orch/chat-runtime";
import { expect, it } from "vitest";
import { EXPORT_FORMATS, type ExportFormat, exportText, isExportFormat } from "./export-text.ts";

const EVIL =
  "\u001b]52;c;cm0gLXJmIH4=\u0007\u009b21t\u202egnp <script>alert(1)</script> <img src=x onerror=alert(1)> </pre></div>";
const origin = { provider: "p", api: "a", model: "m" };
const session: Session = {
  id: "s",
  title: `A talk ${EVIL}`,
  createdAt: 1,
  updatedAt: 9,
  turnCount: 2,
  turns: [
    {
      id: "t1",
      configuration: EVIL,
      status: "failed",
      error: EVIL,
      startedAt: 2,
      endedAt: 3,
      messages: [
        { role: "user", content: [{ type: "text", text: EVIL }] },
        {
          role: "assistant",
          content: [
            { type: "text", text: `Before ${EVIL}\n\n~~~ts\nconst a = 1;\n\`\`\`\n${EVIL}\n~~~\nAfter` },
            { type: "tool-call", id: "c", name: EVIL, rawInput: EVIL, input: { at: EVIL } },
          ],
          origin,
          finish: { reason: "tool-calls" },
        },
        {
          role: "tool",
          content: [{ type: "tool-result", id: "c", name: EVIL, output: [{ type: "text", text: EVIL }] }],
        },
      ],
    },
    {
      id: "t2",
      configuration: "chat",
      status: "dropped",
      startedAt: 4,
      messages: [{ role: "user", content: [{ type: "text", text: "not any more" }] }],
    },
  ],
};
const FORMATS = Object.keys(EXPORT_FORMATS).filter(isExportFormat);

// biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

it.each(FORMATS)("a hostile conversation as %s has no control character", (format) => {
  expect(exportText(session, format)).not.toMatch(CONTROL);
});

it("a page has code in blocks, and no markup of others", () => {
  const page = exportText(session, "html");
  expect(page).not.toMatch(/<script|<img|onerror=alert\(1\)>/);
  expect(page).toContain("<pre>const a = 1;\n```\n");
  expect(page).toContain('<div class="text">After</div>');
  expect(page).toContain("default-src &#39;none&#39;".replaceAll("&#39;", "'"));
  // Every element that was opened is closed, so nothing of a text closed one.
  for (const name of ["pre", "div", "details", "h2"])
    expect(page.split(`<${name}`).length, name).toBe(page.split(`</${name}>`).length);
});

it("what the user dropped is in the forms that keep everything, and in no form for people", () => {
  const has = (format: ExportFormat): boolean => exportText(session, format).includes("not any more");
  expect(FORMATS.filter(has)).toEqual(["jsonl", "json"]);
});

it("JSONL and JSON come back exactly", async () => {
  const store = memorySessions();
  await importSession(exportText(session, "jsonl"), store);
  const { title, turns } = (await store.load("s"))!;
  expect({ title, turns }).toEqual({ title: session.title, turns: session.turns });
  expect(JSON.parse(exportText(session, "json"))).toEqual(session);
});

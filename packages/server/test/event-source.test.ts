/** `EventSource` of a real browser: its server is killed in the middle of a text, and the page goes on by itself. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { chromiumPath, NO_CHROMIUM, openChromium } from "../../../scripts/chromium.ts";
import { thorough } from "../../../scripts/lanes.ts";
import { DRAFT, PUBLISHED } from "./article.ts";
import { ServingProcess } from "./door-kill.ts";
import { LET_IN } from "./served-article.ts";

if (chromiumPath === undefined) console.log(NO_CHROMIUM);

/** The page: it shows texts by the three rules of docs/server.md, and remembers what it was told. */
const PAGE = (run: string): string => `
  const texts = new Map();
  globalThis.told = { ids: [], question: undefined, isOver: false };
  globalThis.shown = () => [...texts.values()];
  globalThis.source = new EventSource("/sse/runs/${run}");
  const on = (type, then) => source.addEventListener(type, (message) => {
    told.ids.push(message.lastEventId);
    then(JSON.parse(message.data));
  });
  on("text.delta", ({ path, text }) => texts.set(path, (texts.get(path) ?? "") + text));
  on("text.cut", ({ path }) => texts.delete(path));
  on("state.completed", ({ path, output }) => typeof output === "string" && texts.set(path, output));
  on("question.asked", ({ question }) => { told.question = question; });
  on("run.completed", () => { told.isOver = true; });`;

// Beside it stand the kill in plain-door.test.ts and the page of examples/web-chat.test.ts.
test.skipIf(chromiumPath === undefined || !thorough)(
  "a page in Chromium shows each text once over a kill of the server, and its stream ends with the run",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "orch-page-"));
    const place = { door: "plain", as: "orchestration", folder } as const;
    const browser = await openChromium();
    const first = await ServingProcess.start({ ...place, shut: "draft" });
    let second: ServingProcess | undefined;
    const send = async (path: string, body: object): Promise<Response> => {
      const headers = { ...LET_IN, "content-type": "application/json" };
      return fetch(first.url + path, { method: "POST", headers, body: JSON.stringify(body) });
    };
    try {
      const started = await send("/v1/runs", { orchestration: "article", input: { topic: "tides" } });
      const { run } = (await started.json()) as { readonly run: string };
      const page = await browser.newPage({ extraHTTPHeaders: LET_IN });
      await page.goto(`${first.url}/v1/orchestrations`);
      await page.evaluate(PAGE(run));
      await page.waitForFunction('shown().join("") === "Once upon "', undefined, { timeout: 0 });
      await first.kill();
      second = await ServingProcess.start({ ...place, shut: "open", port: first.port });
      await page.waitForFunction("told.question !== undefined", undefined, { timeout: 0 });
      expect(await page.evaluate("shown()")).toEqual([DRAFT]);
      const question = await page.evaluate("told.question");
      expect((await send(`/v1/runs/${run}/answers`, { question, answer: true })).status).toBe(204);
      await page.waitForFunction("told.isOver", undefined, { timeout: 0 });
      expect(await page.evaluate("shown()")).toEqual([DRAFT, PUBLISHED]);
      // The browser comes back once more, and is told by 204 that nothing comes.
      await page.waitForFunction("source.readyState === EventSource.CLOSED", undefined, { timeout: 0 });
      const ids = (await page.evaluate("told.ids")) as readonly string[];
      expect(new Set(ids).size).toBe(ids.length);
    } finally {
      await browser.close();
      await first.kill();
      await second?.kill();
      await rm(folder, { recursive: true, force: true });
    }
  },
);

/**
 * Makes docs/images/web-chat.png: the page of examples/web-chat in a real browser, with an answer, and a question that waits.
 *
 *     node --conditions=@orch/source scripts/web-chat-image.ts
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPage } from "../examples/web-chat/build-page.ts";
import { serve } from "../examples/web-chat/served.ts";
import { openChromium } from "./chromium.ts";

const docs = join(import.meta.dirname, "../docs");
const files = await mkdtemp(join(tmpdir(), "web-chat-"));
await buildPage(files);
const { url, stop } = await serve({ root: docs, files, pace: async () => {} });
const browser = await openChromium();
try {
  const page = await browser.newPage({ viewport: { width: 760, height: 400 }, colorScheme: "light" });
  await page.goto(`${url}/?chat=image`);
  for (const text of ["How is a question answered?", "What is a signal?"]) {
    await page.getByLabel("Message").fill(text);
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("button", { name: "Yes" }).waitFor();
    if (text.startsWith("What")) break;
    await page.getByRole("button", { name: "Yes" }).click();
    await page.locator('article[data-status="completed"]').waitFor();
  }
  // How long a state took differs from run to run.
  await page.addStyleTag({ content: ".rail small { display: none }" });
  await page.screenshot({ path: join(docs, "images/web-chat.png"), fullPage: true });
} finally {
  await browser.close();
  await stop();
  await rm(files, { recursive: true, force: true });
}

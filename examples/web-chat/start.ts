/**
 * The page, built and served: `node --conditions=@orch/source examples/web-chat/start.ts`, then open the address that it prints.
 * While you change the page, `vite examples/web-chat` beside it serves the page from its sources.
 */
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { buildPage } from "./build-page.ts";
import { serve } from "./served.ts";

const root = join(import.meta.dirname, "../../docs");
const files = join(import.meta.dirname, "../../node_modules/.cache/web-chat");
await buildPage(files);
const pace = async (_: string, signal: AbortSignal): Promise<void> => {
  await wait(300, undefined, { signal });
};
const { url } = await serve({ root, files, port: 4100, pace });
console.log(`Open ${url}`);

/** The doors that the suite tries, by name: a process of its own makes them again by it. A new door adds its row. */
import { agUi } from "../src/ag-ui/ag-ui-door.ts";
import { aiSdk } from "../src/ai-sdk/ai-sdk-door.ts";
import { a2a } from "../src/doors/a2a.ts";
import { json } from "../src/doors/json.ts";
import { mcp } from "../src/doors/mcp.ts";
import { openai } from "../src/doors/openai.ts";
import { sse } from "../src/doors/sse.ts";
import type { Door } from "../src/words/door.ts";

export const servedDoors: { readonly [name: string]: () => readonly Door[] } = {
  a2a: () => [a2a()],
  "ag-ui": () => [agUi()],
  "ai-sdk": () => [aiSdk()],
  plain: () => [json(), sse()],
  openai: () => [openai()],
  mcp: () => [mcp()],
};

/** Each known server by its preset, when it does something wrong in the middle of its own stream, or in the place of one. */
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { manualClock } from "@orch/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { budget, figure, takes } from "../../../scripts/lanes.ts";
import { openaiCompatible } from "../src/providers/openai-compatible/openai-compatible.ts";
import { PRESETS, type Preset } from "../src/providers/openai-compatible/presets.ts";
import { withRetry } from "../src/providers/wrappers/retry-model.ts";
import { callsOf, textOf } from "../src/words/message.ts";
import type { Model } from "../src/words/model.ts";
import { formats } from "./hostile-answers.ts";
import { advanceUntil, drain, FAULTS, judgeCut, WRONG } from "./hostile-judge.ts";
import { beginEvents, DONE, type HostileServer, hostileServer, unnamed } from "./hostile-server.ts";
import { type Extra, KEY } from "./wires.ts";

const EVERY = budget("presetFaultsEvery");
const chat = formats.find(({ name }) => name === "openai-compatible")!;
const presets = Object.keys(PRESETS) as Preset[];

let server: HostileServer;
let reply: (response: ServerResponse) => void;
beforeAll(async () => {
  server = await hostileServer((response) => reply(response));
});
let cases = 0;
afterAll(async () => {
  figure(`hostile: ${cases} faults over ${presets.length} presets`);
  await server.close();
});

function modelOf(preset: Preset, extra?: Extra): Model {
  const baseURL = `${server.url}/v1`;
  return openaiCompatible({ provider: preset, preset, model: "m", baseURL, apiKey: KEY, ...extra });
}

/** The frames of a server's own stream, and how many come before it says why it ends. */
function streamOf(preset: Preset): { readonly frames: readonly string[]; readonly beforeEnd: number } {
  const text = readFileSync(join(import.meta.dirname, `fixtures/servers/${preset}.jsonl`), "utf8");
  const frames = text
    .trimEnd()
    .split("\n")
    .map((line) => unnamed(JSON.parse(line)));
  return { frames, beforeEnd: frames.findLastIndex((frame) => /"finish_reason": ?"/.test(frame)) };
}

/** Sends the first frames of a stream, and then does what is wrong. */
function failing(frames: readonly string[], end: (response: ServerResponse) => void): void {
  reply = (response) => {
    beginEvents(response).flushHeaders();
    if (frames.length === 0) setImmediate(() => end(response));
    else response.write(frames.join(""), () => setImmediate(() => end(response)));
  };
}

test.each(presets)("%s: a fault in its own stream is told, and runs no call", async (preset) => {
  const { frames, beforeEnd } = streamOf(preset);
  let at = presets.indexOf(preset);
  for (const [, kinds, end] of FAULTS) {
    for (let count = 0; count <= beforeEnd; count++) {
      if (!takes(at++, EVERY)) continue;
      failing(frames.slice(0, count), (response) => end(response, chat));
      judgeCut(await drain(modelOf(preset)), kinds, "Looking.");
      cases++;
    }
  }
  for (const [, kinds, end] of WRONG) {
    if (!takes(at++, EVERY)) continue;
    reply = end;
    judgeCut(await drain(modelOf(preset)), kinds, "");
    cases++;
  }
});

test.each(presets)(
  "%s: a stream that falls silent ends, and one that failed is asked for again",
  async (preset) => {
    const { frames, beforeEnd } = streamOf(preset);
    const clock = manualClock();
    failing(frames.slice(0, beforeEnd), () => undefined);
    const reading = drain(modelOf(preset, { clock }));
    await advanceUntil(reading, clock);
    const { finish } = await reading;
    judgeCut({ finish }, /^timeout$/, textOf(finish.message));
    let made = 0;
    reply = (response) => {
      if (made++ === 0) response.destroy();
      else beginEvents(response).end(frames.join("") + DONE);
    };
    const again = drain(withRetry(modelOf(preset, { clock }), { clock, random: () => 0.5 }));
    await advanceUntil(again, clock, 500);
    const { message } = (await again).finish;
    expect([made, message.finish.reason]).toEqual([2, "tool-calls"]);
    expect(callsOf(message).map(({ input }) => input)).toEqual([{ city: "Oslo" }, { city: "Rome" }]);
    cases += 2;
  },
);

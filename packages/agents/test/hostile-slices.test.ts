import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { budget, figure, shareOf } from "../../../scripts/lanes.ts";
import type { Model, ModelEvent } from "../src/words/model.ts";
import { answers, type Format, formats, spellings } from "./hostile-answers.ts";
import { ask } from "./wires.ts";

const EVERY = budget("streamCutsEvery");
let cases = 0;
let streams = 0;
afterAll(() => {
  figure(`hostile: ${cases} ways to cut ${streams} streams`);
});

/** A model whose answers come in the pieces that the test puts there; a socket might join them. */
function sliced(format: Format): { model: Model; pieces: (next: readonly Uint8Array[]) => void } {
  let now: readonly Uint8Array[] = [];
  const fetch: typeof globalThis.fetch = () => {
    const left = [...now];
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (out) => {
        const piece = left.shift();
        if (piece === undefined) out.close();
        else out.enqueue(piece as Uint8Array<ArrayBuffer>);
      },
    });
    return Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
  };
  return {
    model: format.make("http://127.0.0.1:9", { fetch }),
    pieces: (next) => {
      now = next;
    },
  };
}

async function eventsOf(model: Model): Promise<readonly ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of model.stream(ask("hi"))) events.push(event);
  return events;
}

function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const sorted = [0, ...[...new Set(places)].sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, at) => bytes.slice(sorted[at], end));
}

describe.each(formats)("$name", (format) => {
  const { model, pieces } = sliced(format);

  describe.each(Object.keys(answers).map((kind, place) => [kind, place] as const))("%s", (kind, place) => {
    const { frames } = format.write(...answers[kind]!);

    test("is the same wherever its bytes are cut", async () => {
      const bytes = new TextEncoder().encode(frames.join(""));
      pieces([bytes]);
      const whole = JSON.stringify(await eventsOf(model));
      for (let at = 1; at < bytes.length; at += EVERY) {
        pieces([bytes.subarray(0, at), bytes.subarray(at)]);
        if (JSON.stringify(await eventsOf(model)) !== whole) expect.fail(`cut at byte ${at}`);
        cases++;
      }
    });

    // Each spelling with one of the formats in lane `test`.
    const mine = shareOf(Object.keys(spellings), formats.indexOf(format) + place, formats.length);
    test.each(mine)("is the same %s, cut at random", async (spelling) => {
      streams++;
      pieces([new TextEncoder().encode(frames.join(""))]);
      const whole = await eventsOf(model);
      const bytes = new TextEncoder().encode(spellings[spelling]!(frames));
      const places = fc.array(fc.nat(bytes.length), { maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(places, async (at) => {
          cases++;
          pieces(cut(bytes, at));
          expect(await eventsOf(model)).toEqual(whole);
        }),
        { numRuns: budget("randomStreamCuts") },
      );
      pieces(cut(bytes, Array.from(bytes.keys())));
      expect(await eventsOf(model)).toEqual(whole);
    });
  });
});

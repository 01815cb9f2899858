/**
 * What becomes of the lines of an answer in tmux, on the screen and in what scrolled away, while its window takes random
 * sizes. tmux lays all rows out anew, the one of the cursor too, and pushes the top of a live region that gets higher by
 * that into what scrolled away. Lane `test` has the emulator of resized-chats.test.ts.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budget, figure, seed, thorough } from "../../../scripts/lanes.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";
import { slowModel } from "./support/slow-model.ts";
import { hasTmux, TmuxApp } from "./support/tmux-app.ts";

const READY = "Ask, or / for commands";
const WORDS = Array.from({ length: 200 }, (_, at) => `word-${at + 1}.`);
const CODE = Array.from({ length: 40 }, (_, at) => `code-${at + 1}.`);
const ITEMS = Array.from({ length: 20 }, (_, at) => `item-${at + 1}.`);
const FENCE = CODE.map((line, at) => `${line} ${"abcd ".repeat(at % 17)}`).join("\n");
const LIST = ITEMS.map((item) => `- ${item}`).join("\n");
const ANSWER = `${WORDS.join(" ")}\n\n\`\`\`txt\n${FENCE}\n\`\`\`\n\n${LIST}\n\nThe end.\n`;
const LINES = [...WORDS, ...CODE, ...ITEMS];
/** The answer, the empty input and the status below it, at the very end. A narrow window has no room for the keys in the status. */
const DONE = /The end\.\s+› Ask, or [^\n]*\n[^\n]*│ slow\/mock │[^\n]*\s*$/;

/** Numbers below `below` from a seed, always the same ones. */
function draws(from: number): (below: number) => number {
  let state = from >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe.runIf(thorough && hasTmux())(
  "the chat in a window of tmux that changes at any moment (needs tmux)",
  () => {
    let cli: BuiltCli;
    let resizes = 0;
    beforeAll(async () => {
      cli = await buildCli();
    });
    afterAll(() => cli[Symbol.asyncDispose]());

    test("T08: each line of an answer stands there once, an open paragraph of many rows too", {
      timeout: budget("resizedInTmux") * 30_000,
    }, async () => {
      await using model = await slowModel(ANSWER, 5, 8);
      await using box = await sandbox(cli.file, model.files);
      const count = budget("resizedInTmux");
      for (let at = 0; at < count; at++) {
        const draw = draws(seed + at);
        const sizes: string[] = [];
        await using app = await TmuxApp.start({ file: cli.file, args: model.args, box });
        await app.until((text) => text.includes(READY));
        await app.type("tell me\r");
        for (let line = 4; line < LINES.length; line += 5 + draw(16)) {
          await app.until((text) => text.includes(LINES[line]!));
          for (let burst = draw(3); burst >= 0; burst--) {
            const [columns, rows] = [40 + draw(80), 10 + draw(30)];
            sizes.push(`${columns}x${rows}`);
            resizes++;
            await app.resize(columns, rows);
          }
        }
        const text = ` ${(await app.until((it) => DONE.test(it))).replaceAll(/\s+/g, " ")} `;
        const times = (what: string): number => text.split(what).length - 1;
        const say = `answer ${at}, seed ${seed}: ${sizes.join(" ")}\n${text}`;
        expect(
          LINES.filter((line) => times(` ${line} `) !== 1),
          say,
        ).toEqual([]);
        // No copy of the input is left either.
        expect(times(READY), say).toBe(1);
      }
      figure(`${count} answers in tmux with ${resizes} resizes, seed ${seed}: 0 lines lost, 0 doubled`);
    });
  },
);

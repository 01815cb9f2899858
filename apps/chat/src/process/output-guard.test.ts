import { describe, expect, it } from "vitest";
import { firedBy } from "../../test/support/fired-by.ts";
import { divertOutput, guardOutput, onlyDrawing } from "./output-guard.ts";

describe("T02: the last door of every byte", () => {
  it.each([
    "plain text, ä, 日本, 👩‍🚀\n\ttab\r\n",
    "\u001b[1;31mred\u001b[0m\u001b[38:2::1:2:3m",
    "\u001b[2K\u001b[1A\u001b[G\u001b[J\u001b[H\u001b[10;20H",
    "\u001b[?25l\u001b[?2026h\u001b[?2004l\u001b[>1u\u001b[<u\u001b[?u\u001b7\u001b8",
    "\u001b]8;;https://example.com/a?b=c#d\u0007link\u001b]8;;\u0007",
  ])("lets through what draws: %j", (text) => {
    expect(onlyDrawing(text)).toBe(text);
  });

  it.each([
    ["a\u001b]52;c;cm0gLXJmIH4=\u0007b", "ab"],
    ["a\u001b]0;OWNED\u0007b", "ab"],
    ["a\u001b]0;OWNED\u001b\\b", "ab"],
    ["a\u001bPdcs\u001b\\b", "ab"],
    ["a\u001b_apc\u001b\\b", "ab"],
    ["a\u001bcb", "ab"],
    ["a\u001b[21tb", "ab"],
    ["a\u001b[6nb", "ab"],
    ["a\u001b[5ib", "ab"],
    ["a\u009b21tb", "a21tb"],
    ["a\u009d0;x\u009cb", "a0;xb"],
    ["a\u001b]8;;javascript:alert(1)\u0007b", "ab"],
    ["a\u001b]1337;File=x\u0007b", "ab"],
    ["\u001b]52;c;aGVsbG8=\u0007", ""],
    ["\u001b]9;It waits\u0007", ""],
    ["\u0007", ""],
    ["a\u001b]52;c;never ended", "a52;c;never ended"],
    ["a\u001b", "a"],
  ])("drops what steers: %j", (text, left) => {
    expect(onlyDrawing(text)).toBe(left);
  });

  it("fires nothing that reaches beyond the screen, also of halves that were written one by one", async () => {
    const evil = [
      "\u001b]52;c;cm0gLXJmIH4=\u0007",
      "\u001b]0;OWNED\u0007",
      "\u001b]1337;File=x\u0007",
      "\u001b[21t",
      "\u001b[6n",
      "\u001bP+q544e\u001b\\",
      "\u009d0;OWNED\u009c",
      "\u001bc",
    ];
    for (const one of evil)
      for (let cut = 1; cut < one.length; cut++) {
        const written = onlyDrawing(`x${one.slice(0, cut)}`) + onlyDrawing(`${one.slice(cut)}x`);
        expect(await firedBy(written), JSON.stringify([one, cut])).toEqual([]);
      }
  });

  const streamOf = (out: string[]): NodeJS.WriteStream =>
    ({ write: (text: string) => out.push(text) > 0 }) as unknown as NodeJS.WriteStream;

  it("stands before a stream, for texts and for bytes", () => {
    const out: string[] = [];
    const stream = streamOf(out);
    guardOutput(stream);
    stream.write("a\u001b]0;x\u0007");
    stream.write(new TextEncoder().encode("b\u001b]0;x\u0007ä") as never);
    const [first, second] = [
      new TextEncoder().encode("ä").slice(0, 1),
      new TextEncoder().encode("ä").slice(1),
    ];
    stream.write(first as never);
    stream.write(second as never);
    expect(out).toEqual(["a", "bä", "", "ä"]);
  });

  it.each(["\u001b]52;c;aGVsbG8=\u0007", "\u001b]9;It waits\u0007", "\u0007"])(
    "lets this program reach beyond the screen, and nobody else: %j",
    (beyond) => {
      const out: string[] = [];
      const stream = streamOf(out);
      const own = guardOutput(stream);
      stream.write(beyond);
      own.write(beyond);
      own.write(`a${beyond}`);
      expect(out).toEqual(["", beyond, "a"]);
      expect(guardOutput(stream)).toBe(own);
    },
  );

  it("hands what others write to the screen that is drawn", () => {
    const out: string[] = [];
    const taken: string[] = [];
    const stream = streamOf(out);
    const own = guardOutput(stream);
    const back = divertOutput(stream, (text) => taken.push(text));
    stream.write("theirs\u0007");
    own.write("ours");
    back();
    stream.write("theirs again");
    expect(taken).toEqual(["theirs"]);
    expect(out.filter((text) => text !== "")).toEqual(["ours", "theirs again"]);
  });
});

import { PassThrough } from "node:stream";
import fc from "fast-check";
import { render, useInput, usePaste } from "ink";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { budget, figure, seed } from "../../../../scripts/lanes.ts";
import type { AppFacts } from "../app/app-facts.ts";
import { type AppAction, type AppState, type Effect, reduceApp, START } from "../app/app-state.ts";
import { fullText } from "./editor.ts";
import { intentsOf } from "./keymap.ts";

const facts: AppFacts = {
  now: 0,
  width: 12,
  commands: [
    { name: "help", description: "commands and keys" },
    { name: "model", description: "choose the model", values: () => [{ value: "local/extractive" }] },
  ],
  isAside: (text) => text === "/help",
  isCommand: (text) => text.startsWith("/"),
};

/** The keys as a terminal sends them: text, control keys, both forms of arrows, Alt, the kitty protocol, a paste. */
const KEYS = [
  ..."abc /hm\\?",
  ..."漢é🇫🇷",
  "\u0301",
  "\u200d",
  "👩‍👩‍👧",
  "hello world",
  ...Array.from({ length: 26 }, (_, at) => String.fromCharCode(at + 1)),
  "\r",
  "\n",
  "\t",
  "\0",
  "\u001f",
  "\u001c",
  "\u007f",
  "\b",
  "\u001bb",
  "\u001bf",
  "\u001bd",
  "\u001b\r",
  "\u001b\u007f",
  "\u001b\u001f",
  "\u001b[A",
  "\u001b[B",
  "\u001bOC",
  "\u001b[D",
  "\u001b[1;5D",
  "\u001b[3~",
  "\u001b[H",
  "\u001b[F",
  "\u001b[13;2u",
  "\u001b[127u",
  "\u001b[97;5u",
  "\u001b[27u",
  "\u001b[200~pasted\r\ntext\u0001\u001b[201~",
];

/** What the program does with keys: everything but the time. */
class Keyboard {
  state: AppState = { ...START, phase: "idle", history: ["first", "second\nline"] };
  readonly effects: Effect[] = [];

  take(action: AppAction): void {
    const step = reduceApp(this.state, action, facts);
    this.state = step.state;
    for (const effect of step.effects) {
      this.effects.push(effect);
      // Runs go on for ever, so that queueing, stopping and holding back are met too.
      if (effect.type === "submit") this.take({ type: "phase", phase: "running" });
      if (effect.type === "cancel") this.take({ type: "ended", stopped: true });
    }
  }
}

function Keys({ keyboard }: { readonly keyboard: Keyboard }): null {
  useInput((input, key) => {
    for (const intent of intentsOf(input, key, keyboard.state.vim !== undefined))
      keyboard.take({ type: "intent", intent });
  });
  usePaste((text) => keyboard.take({ type: "paste", text }));
  return null;
}

beforeEach(() => {
  // Ink takes a lone Escape for a key after 20 ms of silence. A busy machine must not make silence.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Sends chunks through Ink itself, one at a time, and gives all that followed from them. */
async function heard(chunks: readonly Buffer[], vim = false): Promise<unknown> {
  const nothing = (): void => undefined;
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: nothing,
    ref: nothing,
    unref: nothing,
  });
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  stdout.resume();
  const keyboard = new Keyboard();
  keyboard.take({ type: "vim", on: vim });
  const app = render(<Keys keyboard={keyboard} />, {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    exitOnCtrlC: false,
    patchConsole: false,
    interactive: true,
  });
  while (stdin.listenerCount("readable") === 0) await new Promise(setImmediate);
  for (const chunk of chunks) {
    stdin.write(chunk);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
  }
  vi.advanceTimersByTime(100);
  app.unmount();
  const { editor, ...rest } = keyboard.state;
  const { memory, ...text } = editor;
  return {
    ...rest,
    text,
    full: fullText(editor),
    past: memory?.past.map((each) => each.text),
    killed: memory?.killed,
    effects: keyboard.effects,
  };
}

/** The same in vim mode, with what is a command there. Escape is that of terminals which tell keys apart, or has a letter behind it. */
const VIM_KEYS = [
  ...KEYS,
  ..."hjklwbe0$^GxDCiaAoOuppP23",
  "dd",
  "dw",
  "2d",
  "cc",
  "c$",
  "yy",
  "gg",
  "\u001b[27u",
  "\u001bd",
  "\u001bu",
];

test.each([
  ["", KEYS, false],
  [" in vim mode", VIM_KEYS, true],
] as const)(
  "T13: any split of any sequence of keys gives the same result%s",
  async (mode, keysThere, vim) => {
    const sequence = fc.array(fc.constantFrom(...keysThere), { minLength: 1, maxLength: 30 });
    const cuts = fc.array(fc.nat(), { maxLength: 12 });
    let sequences = 0;
    let chunks = 0;
    await fc.assert(
      fc.asyncProperty(sequence, cuts, async (keys, at) => {
        const bytes = Buffer.from(keys.join(""));
        const ends = [...new Set([...at.map((cut) => cut % bytes.length), bytes.length])].sort(
          (a, b) => a - b,
        );
        const pieces = ends
          .map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
          .filter((it) => it.length > 0);
        sequences += 1;
        chunks += pieces.length;
        const whole = await heard([bytes], vim);
        expect(await heard(pieces, vim)).toEqual(whole);
        // One byte at a time, as a slow line brings them.
        expect(
          await heard(
            Array.from(bytes, (byte) => Buffer.of(byte)),
            vim,
          ),
        ).toEqual(whole);
      }),
      { numRuns: budget("keyChunks"), seed },
    );
    figure(
      `${sequences} sequences of keys in ${chunks} chunks, and byte by byte: the same as in one${mode} (seed ${seed})`,
    );
  },
  300_000,
);

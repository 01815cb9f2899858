import xterm from "@xterm/headless";
import { afterAll, describe, expect, test } from "vitest";
import { budget, figure, seed } from "../../../../scripts/lanes.ts";
import { LiveRegion, reflowsCursor } from "./live-region.ts";

/** Numbers below `below` from a seed, always the same ones. */
function draws(from: number): (below: number) => number {
  let state = from >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const ESC = "\u001b";
/**
 * What has to arrive together, because a window that changes inside of it does what no program can help: a printed line, a
 * break, and a frame that ends in the input, which is drawn for a key and not while rows follow fast.
 */
const TOGETHER = [
  `[^\\n${ESC}]+\\n`,
  `${ESC}\\[999G {2}\\r`,
  `${ESC}\\[\\?7l[^${ESC}]*(?:${ESC}\\[A[^${ESC}]*)*${ESC}\\[\\?7h(?:${ESC}\\[\\d+B)?${ESC}\\[\\d+G`,
].join("|");

/** A terminal whose bytes wait on their way, and a program that hears of a new size only when it is told. */
class Wire {
  readonly terminal = new xterm.Terminal({
    cols: 80,
    rows: 24,
    scrollback: 5_000,
    convertEol: true,
    allowProposedApi: true,
  });
  heard = { columns: 80, rows: 24 };
  #waiting = "";

  readonly region = new LiveRegion({
    write: (text) => {
      this.#waiting += text;
    },
    size: () => this.heard,
    reflowsCursor: false,
  });

  /** Lets so many bytes arrive, and what belongs together: a printed line, and a break between two rows. */
  async arrive(least = this.#waiting.length): Promise<void> {
    let count = least;
    for (const { index, 0: whole } of this.#waiting.matchAll(new RegExp(TOGETHER, "g")))
      if (index < least) count = Math.max(count, index + whole.length);
    const text = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    await new Promise<void>((done) => this.terminal.write(text, done));
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  hear(): void {
    this.heard = { columns: this.terminal.cols, rows: this.terminal.rows };
    this.region.draw({ rows: ["{live 0}", "{live 1}"] });
  }

  /** Everything that stands anywhere. */
  text(): string {
    const { active } = this.terminal.buffer;
    let text = "";
    for (let at = 0; at < active.length; at++) {
      const line = active.getLine(at);
      text += `${line?.isWrapped === true ? "" : "\n"}${line?.translateToString(false)}`;
    }
    return text;
  }
}

/** Rows of the lowest window. The cursor is never further down in the region: the input is about that low. */
const LOWEST = 8;
const WORDS =
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".repeat(2);

test("a terminal loses cells of a plain line that it is in the middle of, which no program can see", async () => {
  const { terminal } = new Wire();
  await new Promise<void>((done) => terminal.write("x".repeat(60), done));
  terminal.resize(24, 24);
  await new Promise<void>((done) => terminal.write("y\r\n", done));
  expect(terminal.buffer.active.getLine(0)?.translateToString(true)).not.toContain("x".repeat(24));
});

describe("the live region in a window that changes at any moment", () => {
  let lives = 0;
  let resizes = 0;
  afterAll(() =>
    figure(
      `${lives} lives of the live region with ${resizes} resizes, seed ${seed}: 0 lines lost, 0 doubled`,
    ),
  );

  test("T08: whatever is on its way, each line that is printed stands there once, and the region once", async () => {
    for (let life = 0; life < budget("resizedRegions"); life++) {
      const draw = draws(seed + life);
      const wire = new Wire();
      const lines: string[] = [];
      for (let step = 0; step < 40; step++) {
        const kind = draw(10);
        if (kind < 5) {
          const above = Array.from({ length: draw(3) }, () => {
            lines.push(`<line ${lines.length}>`);
            return `${lines.at(-1)} ${WORDS.slice(0, draw(WORDS.length))}\n`;
          }).join("");
          const { columns } = wire.heard;
          const rows = Array.from({ length: 2 + draw(Math.min(12, wire.heard.rows - 3)) }, (_, at) =>
            `{live ${at}} ${WORDS.slice(0, draw(columns))}`.slice(0, columns - 1),
          );
          const cursor = { x: draw(columns - 1), y: draw(Math.min(rows.length, LOWEST - 1)) };
          wire.region.draw(draw(2) === 0 ? { rows } : { rows, cursor }, above);
        } else if (kind < 7) await wire.arrive(draw(wire.waiting + 1));
        else if (kind < 9) {
          resizes++;
          wire.terminal.resize(24 + draw(100), LOWEST + draw(30));
        } else {
          wire.hear();
        }
      }
      wire.hear();
      await wire.arrive();
      const text = wire.text();
      const times = (what: string): number => text.split(what).length - 1;
      const drawn = Array.from({ length: 12 }, (_, at) => `{live ${at}}`);
      const rest = drawn.filter((row) => times(row) > 1);
      expect(
        [...[...lines, "{live 0}"].filter((what) => times(what) !== 1), ...rest],
        `life ${life}, seed ${seed}: ${text}`,
      ).toEqual([]);
      wire.terminal.dispose();
      lives++;
    }
  });
});

describe("the bytes of the live region", () => {
  const drawnBy = (
    reflows: boolean,
    act: (region: LiveRegion, size: { columns: number }) => void,
  ): string[] => {
    const written: string[] = [];
    const size = { columns: 10, rows: 5 };
    act(
      new LiveRegion({ write: (text) => written.push(text), size: () => size, reflowsCursor: reflows }),
      size,
    );
    return written;
  };

  test("erase from the second cell on, because tmux keeps a window that is erased from its first one", () => {
    const written = drawnBy(true, (region) => {
      region.draw({ rows: ["a"] });
      region.draw({ rows: ["b"] });
      region.anew("c\n");
    });
    for (const text of written.slice(1)) expect(text).toContain(`\r${ESC}[K ${ESC}[J\r`);
    for (const first of [`H${ESC}[J`, `\r${ESC}[J`]) expect(written.join("")).not.toContain(first);
  });

  test.each([
    [true, 3],
    [false, 1],
  ])("go up from the input by what the window made of the rows above it (%s)", (reflows, up) => {
    const written = drawnBy(reflows, (region, size) => {
      region.draw({ rows: ["\u001b[2m123456789\u001b[22m", "> 3456789"], cursor: { x: 8, y: 1 } });
      size.columns = 5;
      region.again();
    });
    expect(written[1]).toContain(`\u001b[?25l\u001b[${up}A\r`);
  });

  test.each([
    [{ TMUX: "/tmp/tmux-0/default,1,0", TERM: "screen-256color" }, true],
    [{ TERM: "tmux-256color" }, true],
    [{ TERM: "screen-256color" }, true],
    [{ TERM: "screen", STY: "4711.pts-0.desk" }, false],
    [{ VTE_VERSION: "7600" }, true],
    [{ TERM_PROGRAM: "vscode" }, false],
    [{ TERM: "xterm-256color" }, false],
  ])("in %j the line of the cursor is laid out anew: %s", (env, reflows) => {
    expect(reflowsCursor(env)).toBe(reflows);
  });
});

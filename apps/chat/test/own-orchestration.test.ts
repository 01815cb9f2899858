/** Orchestrations of one's own: what is wrong with them, and where. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Workplace, workplace } from "./headless-orch.ts";

let place: Workplace;
beforeEach(async () => {
  place = await workplace();
});
afterEach(() => place.remove());

const BROKEN = `// orc/broken.ts
import { orchestration, runnable } from "@orch/core";
export default () => orchestration("broken", (o) => { const a = runnable("a", (x: string) => x), b = runnable("a", (x: string) => x); return o.start(a).finish(b); });
`;

async function own(name: string, text: string, file = `./orc/${name}.ts`): Promise<void> {
  await place.write("orch.config.json", JSON.stringify({ orchestrations: { [name]: { file } } }));
  await place.write(file, text);
}

const ask = (name: string) => place.run(["-p", "--trust", "--orc", name, "x"]);

describe("an orchestration that does not load", () => {
  it("T25: names every problem of its definition, with file, line and column", async () => {
    await own("broken", BROKEN);
    const { code, stdout, stderr } = await ask("broken");
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    const lines = stderr.split("\n").filter((line) => line.includes("orc/broken.ts:3:"));
    expect(lines.map((line) => line.replace(/^ *orc\/broken.ts:3:111: /, ""))).toEqual([
      'Two runnables have the id "a": give one of them another. What else is said of "a" may come of this.',
      '"a" neither finishes nor advances: add an advancer, or name it in .finish(...).',
      'No way leads from "a" to a finish: add an advancer towards one.',
      '"a" is never reached: add an advancer that leads to it, or leave it out.',
    ]);
    expect(stderr).not.toContain("a function of { model, root }");
  });

  it.each([
    ["ts", "const x: number = 1;\nexport default () => o.start( );;; const", "2:41"],
    ["ts", "export default () => {\n\tconst 3;\n};", "2:8"],
    ["js", "const x = 1;\nexport default () => {\n  o.start( );;; const\n};", "4:1"],
    ["ts", "enum A { B }\nexport default A;", "1:1"],
    ["ts", 'import { nope } from "@orch/core";\nexport default nope;', "1:10"],
    ["ts", 'import { runnable } from "@orch/core";\n\nimport "./gone.ts";\nexport default 1;', "3:8"],
    [
      "ts",
      'const cut = (n: number): never => {\n  throw new Error("digest " + n);\n};\nexport default () => cut(6);',
      "2:9",
    ],
  ])("T25: says where a mistake in .%s stands", async (ending, text, at) => {
    await own("mistake", text, `./orc/mistake.${ending}`);
    const { code, stderr } = await ask("mistake");
    expect(code).toBe(3);
    expect(stderr).toContain(`orc/mistake.${ending}:${at}: `);
  });

  it("T25: says it of a configuration in TypeScript too, and of a file that it imports", async () => {
    await place.write("orch.config.ts", 'import "./limits.ts";\nexport default {};\n');
    await place.write("limits.ts", "export const limits = {\n  maxTurns: ,\n};\n");
    const { code, stderr } = await place.run(["-p", "--trust", "x"]);
    expect(code).toBe(3);
    expect(stderr).toContain("limits.ts:2:13: ");
  });
});

describe("orch check", () => {
  const FINE = `import { orchestration, runnable } from "@orch/core";
const shout = runnable("shout", (text: string) => text.toUpperCase());
export default () => orchestration("fine", (o) => o.start(shout).finish(shout));
`;
  const TWO = JSON.stringify({
    orchestrations: {
      fine: { file: "./orc/fine.ts" },
      broken: { file: "./orc/broken.ts" },
      research: { model: "local/extractive" },
    },
  });
  beforeEach(async () => {
    await place.write("orch.config.json", TWO);
    await place.write("orc/fine.ts", FINE);
    await place.write("orc/broken.ts", BROKEN);
  });

  it("T25: says every problem of every orchestration of one's own, and ends with 3", async () => {
    const { code, stdout } = await place.run(["check", "--trust"]);
    expect(code).toBe(3);
    const [fine, broken, ...problems] = stdout.trimEnd().split("\n");
    expect(fine).toBe("ok    fine (orc/fine.ts, 1 state)");
    expect(broken).toBe("wrong broken (orc/broken.ts)");
    expect(problems).toHaveLength(4);
    for (const problem of problems) expect(problem).toMatch(/^ {2}orc\/broken\.ts:3:111: ./);
  });

  it("T25: takes a name or a file, and ends with 0 when it loads", async () => {
    expect(await place.run(["check", "fine", "--trust"])).toMatchObject({ code: 0 });
    expect(await place.run(["check", "./orc/fine.ts"])).toMatchObject({ code: 0 });
    await place.write("orc/other.ts", FINE);
    expect(await place.run(["check", "orc/other.ts"])).toMatchObject({
      code: 3,
      stdout: expect.stringContaining("not trusted yet"),
    });
    expect(await place.run(["check", "orc/other.ts", "--trust"])).toMatchObject({
      code: 0,
      stdout: "ok    other (orc/other.ts, 1 state)\n",
    });
    expect(await place.run(["check", "fien"])).toMatchObject({
      code: 8,
      stderr: expect.stringContaining('Did you mean "fine"?'),
    });
  });

  it("says that what a file exports for its typed runs is no schema", async () => {
    await place.write("orc/fine.ts", `${FINE}export const output = "text";\n`);
    expect(await place.run(["check", "fine", "--trust"])).toMatchObject({
      code: 3,
      stdout: 'wrong fine (orc/fine.ts)\n  orc/fine.ts: Its export "output" is no schema.\n',
    });
  });

  it("T25: gives one object with --json", async () => {
    const { code, stdout } = await place.run(["check", "--trust", "--json"]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      v: 1,
      ok: false,
      orchestrations: [
        { orchestration: "fine", file: "orc/fine.ts", states: 1, problems: [] },
        {
          orchestration: "broken",
          file: "orc/broken.ts",
          problems: expect.arrayContaining([
            { file: "orc/broken.ts", line: 3, column: 111, says: expect.stringContaining("never reached") },
          ]),
        },
      ],
    });
  });

  it("T25: needs no key of the model that is configured", async () => {
    await place.write("orch.config.json", TWO.replace("{", '{ "model": "openai/gpt-5.4-mini",'));
    expect(await place.run(["check", "fine", "--trust"])).toMatchObject({ code: 0 });
  });
});

describe("a word that is no command", () => {
  it.each([
    ["fly", 'There is no command "fly"'],
    ["chekc", "Did you mean check?"],
  ])("T27: is named: orch %s", async (word, sentence) => {
    const { code, stdout, stderr } = await place.run([word]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(sentence);
  });
});

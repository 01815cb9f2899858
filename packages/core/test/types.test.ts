import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { figure, thorough } from "../../../scripts/lanes.ts";

const FOLDER = join(import.meta.dirname, "type-tests");
const ROOT = join(import.meta.dirname, "../../..");

interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** The compiler's messages for a folder, each with its following, indented lines. */
async function compile(folder: string, tsc = join(ROOT, "node_modules/.bin/tsc")): Promise<Diagnostic[]> {
  const { stdout } = await promisify(execFile)(tsc, ["-p", folder, "--pretty", "false"]).catch(
    (failed: { stdout: string }) => failed,
  );
  const found: { file: string; line: number; message: string }[] = [];
  for (const text of stdout.split("\n")) {
    const head = /^(.*)\((\d+),\d+\): error (.*)$/.exec(text);
    if (head) found.push({ file: basename(head[1]!), line: Number(head[2]), message: text });
    else if (text.trim() !== "") found.at(-1)!.message += `\n${text}`;
  }
  return found;
}

/** Compares what was found with what the file asks for; gives the number of its refusals. */
async function refusals(file: string, diagnostics: readonly Diagnostic[]): Promise<number> {
  const lines = (await readFile(join(FOLDER, file), "utf8")).split("\n");
  const expected = lines.flatMap((text, index) => {
    const says = /^\s*\/\/ error: (.*)$/.exec(text)?.[1];
    return says === undefined ? [] : [{ line: index + 2, says }];
  });
  const found = diagnostics.filter((one) => one.file === file);
  const at = (line: number): string =>
    found
      .filter((one) => one.line === line)
      .map((one) => one.message)
      .join("\n");
  for (const { line, says } of expected) expect(at(line), `line ${line}: ${lines[line - 1]}`).toContain(says);
  const planned = new Set(expected.map((one) => one.line));
  expect(found.filter((one) => !planned.has(one.line)).map((one) => one.message)).toEqual([]);
  return expected.length;
}

describe("the compiler", () => {
  /** Each with how many refusals it holds at least. */
  const cases = [
    ["edges.ts", 12],
    ["composites.ts", 37],
    ["errors.ts", 7],
    ["both-ends.ts", 6],
    ["edge-inputs.ts", 5],
    ["candidates.ts", 5],
    ["finish.ts", 4],
    ["dossiers.ts", 6],
    ["signals.ts", 11],
    ["made-states.ts", 12],
    ["schemas.ts", 5],
    ["wrappers.ts", 0],
  ] as const;
  const files: readonly string[] = cases.map(([file]) => file);
  const compiled = compile(FOLDER);

  it("says nothing of other files", async () => {
    expect((await compiled).filter(({ file }) => !files.includes(file))).toEqual([]);
  });

  it.each(cases)(
    "refuses what does not fit in %s, in our words, and accepts the rest",
    async (file, least) => {
      expect(await refusals(file, await compiled)).toBeGreaterThanOrEqual(least);
    },
  );

  // The same files, and one compiler more.
  it.runIf(thorough)("E22, E24, E31: says the same in TypeScript 5.9 too", async () => {
    const found = await compile(FOLDER, join(ROOT, "node_modules/typescript-5/bin/tsc"));
    for (const [file, least] of cases) {
      expect(await refusals(file, found), file).toBeGreaterThanOrEqual(least);
    }
  });

  // What is refused and accepted stands in the tests before.
  it.runIf(thorough)(
    "checks a graph of 200 edges with inputs and made states in few instantiations",
    async () => {
      const folder = await mkdtemp(join(FOLDER, "large-"));
      try {
        await writeFile(join(folder, "large.ts"), largeGraph());
        await writeFile(
          join(folder, "tsconfig.json"),
          JSON.stringify({ extends: "../tsconfig.json", include: ["*.ts"] }),
        );
        const tsc = join(ROOT, "node_modules/.bin/tsc");
        const { stdout } = await promisify(execFile)(tsc, ["-p", folder, "--extendedDiagnostics"]);
        const instantiations = Number(/Instantiations:\s+(\d+)/.exec(stdout)?.[1]);
        const seconds = Number(/Total time:\s+([\d.]+)s/.exec(stdout)?.[1]);
        figure(`a graph of 200 edges is checked in ${instantiations} instantiations and ${seconds} s in all`);

        expect(instantiations).toBeGreaterThan(0);
        expect(instantiations).toBeLessThan(200_000);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});

/** 200 edges: each second one sees the input of the state that it leaves and a dossier, and each tenth leads to a state that is made on the way. */
function largeGraph(): string {
  const states: string[] = [];
  const edges: string[] = [];
  for (let n = 0; n <= 200; n++) {
    const type = `{ readonly n${n}: number }`;
    const next = `{ readonly n${n + 1}: number }`;
    if (n % 10 !== 5) {
      states.push(
        `const s${n} = runnable("s${n}", async (x: ${type}): Promise<${next}> => ({ n${n + 1}: x.n${n} }));`,
      );
    } else {
      states.push(
        `class s${n} extends OrchestrationRunnable<${type}, ${next}> { static readonly id: string = "s${n}"; constructor(_: { by: number }) { super(); } override invoke(x: ${type}) { return { n${n + 1}: x.n${n} }; } }`,
        `class To${n} extends OrchestrationAdvancer<${type}, ${type}, unknown> { override readonly targets = [s${n}]; override convertOutput(x: ${type}) { return x; } override getNextRunnable() { return new s${n}({ by: ${n} }); } }`,
      );
    }
    if (n === 0) continue;
    if (n % 10 === 5) edges.push(`.advanceBy(s${n - 1}, new To${n}())`);
    else if (n % 2 === 0) edges.push(`.advance(s${n - 1}, s${n})`);
    else {
      edges.push(
        `.advance(s${n - 1}, s${n}, { when: (x, input, place) => x.n${n} > input.n${n - 1} + desk.of(place).get("n"), add: desk.add((x, input) => ({ n: x.n${n} - input.n${n - 1} })), convert: (x, input) => ({ n${n}: x.n${n} + input.n${n - 1} }) })`,
      );
    }
    if (n % 2 === 1 && n % 10 !== 5) edges.push(`.advance(s${n - 1}, s${n})`);
  }
  return [
    `import { dossier, OrchestrationAdvancer, OrchestrationRunnable, orchestration, runnable } from "@orch/core";`,
    `const desk = dossier<{ n: number }>("desk");`,
    ...states,
    `export const flow = orchestration("large", (o) => o.start(s0)${edges.join("")}.finish(s200));`,
  ].join("\n");
}

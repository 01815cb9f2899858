import { expect, it } from "vitest";
import { allForgottenTypes, forgottenTypes, undeclared } from "./forgotten-types.ts";
import { sourceFiles } from "./source-files.ts";

const forgotten = (sources: Readonly<Record<string, string>>): string[] =>
  forgottenTypes(
    "packages/p",
    Object.entries(sources).map(([path, text]) => ({ path: `packages/p/src/${path}`, text })),
    ["packages/p/src/index.ts"],
  ).map(({ key }) => key.replace("packages/p: no door exports ", ""));

it("tells of an export whose type has to be inferred, before the build of the package refuses it", () => {
  const files = [
    { path: "packages/p/src/a.ts", text: "export const limited = (options: object) => options;" },
  ];

  expect(undeclared("packages/p", files).map(({ key }) => key)).toEqual([
    expect.stringContaining("packages/p/src/a.ts: TS9007"),
  ]);
});

it("finds none in any package (node scripts/forgotten-types.ts says where)", () => {
  expect(allForgottenTypes()).toEqual([]);
});

it("follows names over files, imports under other names, and types of other types", () => {
  const sources = {
    "index.ts": `export { make } from "./make.ts"; export type { Known } from "./shapes.ts";`,
    "make.ts": `import type { Known, Shape as Form } from "./shapes.ts"; import type { Foreign } from "elsewhere";
      export function make(known: Known, foreign: Foreign): Form<Own> { throw known; }
      interface Own { readonly deep: import("./deep.ts").Deep }`,
    "shapes.ts": `export interface Known { readonly a: 1 } export type Shape<T> = { readonly [K in keyof T]: Known };
      export interface Unreached { readonly b: 1 }`,
    "deep.ts":
      "export interface Deep { readonly c: typeof MARK } export const MARK: unique symbol = Symbol();",
  };

  expect(forgotten(sources)).toEqual(["Shape", "Own", "Deep"]);
});

it("sees bases, arguments and members of a class, and neither private members nor bodies", () => {
  const sources = {
    "index.ts": `export { A } from "./a.ts";`,
    "a.ts": `interface Base {} interface Argument {} interface Member {} interface Hidden {} interface Body {}
      export class A extends Map<string, Base> {
        readonly member: Member; #hidden: Hidden; private old: Hidden;
        constructor(argument: Argument) { const body: Body = argument; super(); }
      }`,
  };

  expect(forgotten(sources)).toEqual(["Base", "Member", "Argument"]);
});

it("does not take the name of a property, of a parameter or of a type parameter's use for a type", () => {
  const sources = {
    "index.ts": `export { a } from "./a.ts";`,
    "a.ts": `interface label { readonly never: 1 } const input = 1;
      export function a(input: { readonly label: 1 }): input is { readonly label: 1 } { return true; }`,
  };

  expect(forgotten(sources)).toEqual([]);
});

it("is empty for core without a name of the engine at its doors, but for how a run ends and what makes its values", () => {
  const doors = sourceFiles("packages/core").filter(({ path }) => /src\/[^/]+$/.test(path));
  const fromEngine = doors.flatMap(({ text }) =>
    [...text.matchAll(/\{([^}]*)\} from "\.\/kernel\//g)].flatMap(([, names = ""]) =>
      names.split(",").map((name) => name.trim()),
    ),
  );

  // Of two doors, so that a name may stand in both.
  expect([...new Set(fromEngine)].filter((name) => name !== "").sort()).toEqual([
    "Ended",
    "dossier",
    "sharedState",
  ]);
});

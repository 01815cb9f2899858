import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cases } from "./cases.ts";
import { entrants, exportName, isPeer, subjectOf } from "./subjects.ts";

it("floors and Orch have a module with a subject for every case that names them", async () => {
  const lacking: string[] = [];
  for (const one of cases)
    for (const name of one.subjects)
      if (!isPeer(name) && (await subjectOf(name, one)) === undefined) lacking.push(`${name}: ${one.id}`);

  expect(lacking).toEqual([]);
});

it("peers have a file for every case that names them", () => {
  const files = cases.flatMap((one) =>
    one.subjects.filter(isPeer).map((name) => join(entrants[name]!.folder, `${one.family}.ts`)),
  );

  expect(files.filter((file) => !existsSync(join(import.meta.dirname, file)))).toEqual([]);
});

it("every bar stands against a floor that takes part", () => {
  expect(cases.filter(({ gate, subjects }) => gate && !subjects.includes(gate.against))).toEqual([]);
});

it("a case's subject is exported under its id in camel case", () => {
  expect(exportName("growth-sqlite")).toBe("growthSqlite");
});

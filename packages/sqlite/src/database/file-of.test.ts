import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { sqliteHost } from "../index.ts";
import { sqliteSessions } from "../sessions.ts";
import { fileOf } from "./file-of.ts";

describe("the path of a database", () => {
  it("is made absolute", () => {
    expect(fileOf("data/runs.db")).toBe(resolve("data/runs.db"));
  });

  it.each([":memory:", "", "file:runs.db?mode=memory"])(
    "is refused when it is %j, and nothing is made",
    (path) => {
      const before = readdirSync(".");
      const refusal = { code: "ORCH_STORE_PATH", facts: { path } };

      expect(() => sqliteHost(path)).toThrow(expect.objectContaining(refusal));
      expect(() => sqliteSessions({ file: path })).toThrow(expect.objectContaining(refusal));
      expect(readdirSync(".")).toEqual(before);
    },
  );
});

import { nearestName } from "@orch/agents";
import { describe, expect, it } from "vitest";
import { checkConfig } from "./check-config.ts";
import { explain, explained } from "./explain.ts";
import { withoutComments } from "./jsonc.ts";
import { mergeLayers } from "./layers.ts";

describe("JSON with comments", () => {
  it("loses its comments and trailing commas, and nothing moves", () => {
    const text = '{\n  // one\n  "a": "x // no /* comment */, }", /* two\n lines */ "b": [1, 2,],\n}';
    const json = withoutComments(text);
    expect(JSON.parse(json)).toEqual({ a: "x // no /* comment */, }", b: [1, 2] });
    expect(json).toHaveLength(text.length);
    expect(json.split("\n")).toHaveLength(text.split("\n").length);
  });
});

describe("a layer of the configuration", () => {
  it("keeps what it knows and names what it does not, with the nearest setting", () => {
    const { config, warnings } = checkConfig("f.json", {
      modle: "a/b",
      model: "c/d",
      limits: { maxTurn: 3, concurrency: 2 },
      orchestrations: { mine: { fil: "x" } },
      zzzz: 1,
    });
    expect(config).toEqual({ model: "c/d", limits: { concurrency: 2 }, orchestrations: { mine: {} } });
    expect(warnings.toSorted()).toEqual([
      'f.json: there is no setting "limits.maxTurn", so it is ignored; did you mean "limits.maxTurns"?',
      'f.json: there is no setting "modle", so it is ignored; did you mean "model"?',
      'f.json: there is no setting "orchestrations.mine.fil", so it is ignored; did you mean "orchestrations.mine.file"?',
      'f.json: there is no setting "zzzz", so it is ignored.',
    ]);
  });

  it("holds what is known of models, and names what a model's entry has wrong", () => {
    const models = {
      "openai/fast": {
        price: { input: 0.25, output: 2, cacheRead: 0.025 },
        timeouts: { total: Number.POSITIVE_INFINITY },
        attempts: 1,
      },
    };
    expect(checkConfig("f.json", { models })).toEqual({ config: { models }, warnings: [] });
    const typed = checkConfig("f.json", { models: { "a/b": { pryce: 1, price: { input: 1, output: 1 } } } });
    expect(typed.warnings).toEqual([
      'f.json: there is no setting "models.a/b.pryce", so it is ignored; did you mean "models.a/b.price"?',
    ]);
    const wrong = { models: { "a/b": { timeouts: { idle: -1 } } } };
    expect(() => checkConfig("f.json", wrong)).toThrow(
      "f.json, models.a/b.timeouts.idle: it must be milliseconds, more than 0.",
    );
  });

  it("with a wrong type is an error that names file and place", () => {
    expect(() => checkConfig("f.json", { orchestrations: { mine: { file: 3 } } })).toThrow(
      expect.objectContaining({
        code: "ORCH_CONFIG",
        facts: expect.objectContaining({ file: "f.json", place: "orchestrations.mine.file" }),
      }),
    );
  });
});

describe("layers", () => {
  const layered = mergeLayers([
    { name: "defaults", config: { limits: { maxTurns: 10, concurrency: 4 } } },
    {
      name: "mine.json",
      config: { model: "a/b", providers: { a: { apiKey: "s3cret", baseURL: "http://x" } } },
    },
    { name: "environment", config: { model: "c/d", limits: { maxTurns: 2 } } },
  ]);

  it("lie on top of each other, key by key", () => {
    expect(layered.config).toEqual({
      model: "c/d",
      limits: { maxTurns: 2, concurrency: 4 },
      providers: { a: { apiKey: "s3cret", baseURL: "http://x" } },
    });
  });

  it("can be explained, without a secret", () => {
    expect(explain(layered, "model")).toBe('model = "c/d"   (environment)\n  over "a/b"   (mine.json)');
    expect(explain(layered, "providers")).not.toContain("s3cret");
    expect(explain(layered, "nothing")).toBeUndefined();
  });

  it("have the nearest setting for a name that none has, or all names", () => {
    expect(() => explained(layered, "limits.maxTurn", {})).toThrow("Did you mean limits.maxTurns?");
    expect(() => explained(layered, "nothing", {})).toThrow(
      'no setting "nothing". The settings are model, orchestration, ',
    );
  });
});

describe("the nearest name", () => {
  it.each([
    ["modle", "model"],
    ["ouput", "output"],
    ["MODEL", "model"],
    ["xyz", undefined],
  ])("of %s is %s", (typed, expected) => {
    expect(nearestName(typed, ["model", "output", "orc"])).toBe(expected);
  });
});

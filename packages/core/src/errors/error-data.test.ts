import { describe, expect, it } from "vitest";
import { revive } from "../durable/revive.ts";
import { errorData } from "./error-data.ts";
import { FatalError } from "./fatal-error.ts";
import { OrchError } from "./orch-error.ts";
import { RaceLostError } from "./race-lost-error.ts";

const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });

describe("an error as data", () => {
  it("has the fields that are declared, and no others", () => {
    const thrown = Object.assign(new TypeError("slow\ndown"), {
      code: "rate_limited",
      status: 429,
      retryAfter: 300,
      retryable: true,
      headers: { "x-request-id": "7", Authorization: "Bearer of a key", "set-cookie": "session=1", n: 5 },
      facts: { limit: 3, seen: new Date(0), made: () => {} },
      mine: "not kept",
    });
    expect(errorData(thrown)).toEqual({
      name: "TypeError",
      message: "slow\ndown",
      code: "rate_limited",
      status: 429,
      retryAfter: 300,
      retryable: true,
      headers: { "x-request-id": "7" },
      facts: { limit: 3, seen: "1970-01-01T00:00:00.000Z" },
    });
  });

  it("tells a chain of causes, and the errors of an AggregateError", () => {
    const thrown = new TypeError("fetch failed", { cause: new AggregateError([refused, "no"], "") });
    expect(errorData(thrown)).toEqual({
      name: "TypeError",
      message: "fetch failed",
      cause: {
        name: "AggregateError",
        message: "AggregateError",
        errors: [
          { name: "Error", message: refused.message, code: "ECONNREFUSED" },
          { name: "Error", message: "no" },
        ],
      },
    });
  });

  it("tells the words of an error of ours apart from its advice", () => {
    const ours = new OrchError(
      "MY_CODE",
      { a: 1, input: "a secret" },
      { says: "It broke.", fix: "Mend it." },
    );
    expect(ours.message).toMatch(/^It broke\.\n {2}Fix: Mend it\.\n {2}More: /);
    expect(ours.says).toBe("It broke.");
    const data = {
      name: "OrchError",
      code: "MY_CODE",
      message: "It broke.",
      fix: "Mend it.",
      facts: { a: 1 },
    };
    expect(errorData(ours)).toEqual(data);
  });

  it.each([
    ["an error", Object.assign(new Error("x"), { code: "theirs", fix: "Pay." })],
    ["an object", { message: "x", code: "theirs", fix: "Pay." }],
  ])(
    "leaves %s of somebody else without advice, so that it does not come back as one of ours",
    (_, thrown) => {
      expect(errorData(thrown)).toEqual({ name: "Error", message: "x", code: "theirs" });
    },
  );

  it("keeps the sentence of a FatalError as it was written", () => {
    const fatal = new FatalError("card is stolen");
    expect(fatal.message).toBe("card is stolen");
    expect(errorData(fatal)).toMatchObject({ message: "card is stolen", retryable: false });
  });

  it.each([
    ["headers of a response", { headers: new Headers({ a: "b", cookie: "c" }) }, { headers: { a: "b" } }],
    ["a status of another name", { statusCode: 503 }, { status: 503 }],
    ["a wait that is no number", { retryAfter: Number.NaN }, {}],
    ["a number as code", { code: 14 }, {}],
  ])("reads %s", (_, fields, kept) => {
    expect(errorData(Object.assign(new Error("x"), fields))).toEqual({
      name: "Error",
      message: "x",
      ...kept,
    });
  });

  it.each([
    ["a text", "boom", "boom"],
    ["nothing", undefined, "undefined"],
    ["an object without a prototype", Object.create(null), "something that cannot be shown as text"],
    ["an error without words", new RangeError(""), "RangeError"],
  ])("takes %s", (_, thrown, message) => {
    expect(errorData(thrown).message).toBe(message);
  });

  it("takes an error that throws when it is read", () => {
    const hostile = new Error("x");
    Object.defineProperty(hostile, "status", {
      get: () => {
        throw hostile;
      },
    });
    expect(errorData(hostile).message).toBe("something that cannot be shown as text");
  });

  it("ends, whatever leads around in a circle or spreads", () => {
    const circle = new Error("round");
    circle.cause = circle;
    expect(JSON.stringify(errorData(circle)).match(/round/g)).toHaveLength(9);
    const wide = (depth: number): Error =>
      depth === 0
        ? new Error("leaf")
        : new AggregateError(
            Array.from({ length: 9 }, () => wide(depth - 1)),
            "all",
          );
    expect(JSON.stringify(errorData(wide(4))).match(/"name"/g)!.length).toBeLessThanOrEqual(100);
  });
});

describe("an error made of data again", () => {
  const inner = errorData(refused);
  it.each([
    [
      "of somebody else",
      Object.assign(new TypeError("x", { cause: refused }), { status: 1, facts: { a: 1 } }),
    ],
    ["of ours", new FatalError("no", { cause: new AggregateError([refused, refused], "both") })],
    ["of a lost race", new RaceLostError({ race: "r", path: "p", wanted: 1, failures: [inner] }, refused)],
    [
      "of a race that was lost to an error of ours",
      new RaceLostError({ race: "r", path: "p", wanted: 1, failures: [errorData(new FatalError("no"))] }),
    ],
    ["of a text", "boom"],
  ])("gives the same data: %s", (_, thrown) => {
    const data = errorData(thrown);
    expect(errorData(revive(JSON.parse(JSON.stringify(data))))).toEqual(data);
  });

  it("has the advice of each failure of a lost race", () => {
    const ours = errorData(new FatalError("no"));
    const lost = new RaceLostError({ race: "r", path: "p", wanted: 1, failures: [ours] });
    expect(ours.fix).toBe("Change what it names: trying again cannot help.");
    expect((revive(errorData(lost)) as RaceLostError).facts.failures).toEqual([ours]);
  });

  it("has the message that it had, advice included", () => {
    const lost = new RaceLostError({ race: "r", path: "p", wanted: 1, failures: [inner] }, refused);
    const revived = revive(errorData(lost)) as RaceLostError;
    expect([revived.message, revived.says, revived.name]).toEqual([lost.message, lost.says, lost.name]);
    expect(revived.facts).toEqual(lost.facts);
    expect((revive(errorData(new FatalError("no"))) as Error).message).toBe("no");
  });

  it("reads what an older version kept", () => {
    const old = { name: "Busy", message: "busy", code: "busy", cause: { name: "Error", message: "why" } };
    expect(revive(old)).toMatchObject({
      name: "Busy",
      message: "busy",
      code: "busy",
      cause: { message: "why" },
    });
    const ours = {
      name: "TimeoutError",
      message: "late.",
      code: "ORCH_TIMEOUT",
      fix: "Wait.",
      facts: { timeout: 5 },
    };
    expect(revive(ours)).toMatchObject({ says: "late.", fix: "Wait.", facts: { timeout: 5 } });
  });
});

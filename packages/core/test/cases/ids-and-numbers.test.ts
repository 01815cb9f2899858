/** What is refused where it comes in: a state without an id, and numbers out of their range. */
import { describe, expect, it } from "vitest";
import { memoryHost } from "../../src/host.ts";
import {
  all,
  choose,
  each,
  OrchestrationRunnable,
  orchestration,
  type Runnable,
  runnable,
} from "../../src/index.ts";

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>) {
  return orchestration("flow", (o) => o.start(only).finish(only));
}

describe("the id of a class", () => {
  class t extends OrchestrationRunnable<string, string> {
    override invoke(text: string): string {
      return text;
    }
  }
  class Named extends t {
    override readonly id = "named";
  }

  it("is asked for when the orchestration is built, and never made of the class's name", () => {
    expect(() => alone(new t())).toThrow(/A runnable has no id.*override readonly id/);
    expect(() => alone(new t())).toThrow(expect.objectContaining({ code: "ORCH_INVALID_DEFINITION" }));
  });

  it("is asked for in branches of fan-outs and of a choice, and of two such classes at once", async () => {
    expect(() => alone(all("both", { a: new t(), b: new t() }))).toThrow("A runnable has no id");
    expect(() => alone(each("items", new t()))).toThrow("A runnable has no id");
    expect(() =>
      orchestration("two", (o) => o.start(new t()).advance(new t(), new t()).finish(new t())),
    ).toThrow("A runnable has no id");
    await expect(alone(choose("pick", () => new t())).run("x")).rejects.toThrow("A runnable has no id");
    expect(() => alone(runnable({ id: undefined as never, invoke: () => 1 }))).toThrow(
      "A runnable has no id",
    );
  });

  it("may be a property or an argument, and finds a kept run whatever the class is called", async () => {
    expect(await alone(new Named()).run("x")).toBe("x");
    const host = memoryHost();
    await alone(new t("given")).run("x", { host, runId: "r" });
    class Other extends OrchestrationRunnable<string, string> {
      override readonly id = "given";
      override invoke(): string {
        return "never called";
      }
    }

    expect(await (await host.resume(alone(new Other()), "r")).result).toBe("x");
  });
});

import { describe, expect, it } from "vitest";
import { LinkedAbort } from "./linked-abort.ts";

describe("an abort that others follow", () => {
  it("calls each of them once, in their order, and nobody who came off meanwhile", () => {
    const abort = new LinkedAbort(undefined);
    const called: string[] = [];
    let leave: () => void = () => {};
    abort.follow(() => {
      called.push("first");
      leave();
    });
    leave = abort.follow(() => called.push("second"));
    abort.follow(() => called.push("third"));
    abort.abort("enough");
    abort.abort("again");

    expect(called).toEqual(["first", "third"]);
    expect(abort.signal.reason).toBe("enough");
  });

  it("calls at once who follows late, and follows its parent until it is disposed", () => {
    const parent = new LinkedAbort(undefined);
    const [child, disposed] = [new LinkedAbort(parent), new LinkedAbort(parent)];
    disposed.dispose();
    parent.abort("from above");
    const called: string[] = [];
    parent.follow(() => called.push("late"));

    expect(called).toEqual(["late"]);
    expect(child.signal.reason).toBe("from above");
    expect(disposed.signal.aborted).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import type { PublicEvent } from "../words/public-event.ts";
import { readReply } from "./read-reply.ts";
import { placeOf, placeText, type ReplyPlace } from "./reply-place.ts";

/** Events with the numbers of their places in the list; live ones have that of the kept event before. */
function told(...events: readonly object[]): PublicEvent[] {
  let number = 0;
  return events.map((event) => {
    const { type } = event as { type: string };
    if (type !== "text.delta" && type !== "text.cut" && type !== "parked") number += 1;
    return {
      id: String(number),
      number,
      time: 0,
      state: "write",
      path: "flow/write#1",
      ...event,
    } as PublicEvent;
  });
}

async function pieces(events: readonly PublicEvent[], from = 0): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const piece of readReply(events, from)) {
    if (piece.type === "text" || piece.type === "aside") found.push(`${piece.type} ${piece.text}`);
    else if (piece.type === "end")
      found.push(`end ${piece.status} ${piece.questions.map((one) => one.question)}`);
    else found.push(piece.type);
  }
  return found;
}

const delta = (text: string, answer = true) => ({ type: "text.delta", text, answer });
const asked = { type: "question.asked", question: "q1", prompt: "?" };
const waiting = { type: "run.waiting", questions: ["q1"], signals: [] };
const answered = { type: "question.answered", question: "q1" };
const completed = { type: "run.completed", of: "flow/write#1", duration: 1 };

describe("a reply", () => {
  it("is the pieces, and what was not told in pieces", async () => {
    const output = { type: "state.completed", output: "Hello, world" };
    expect(await pieces(told(delta("Hello"), output, completed))).toEqual([
      "text Hello",
      "text , world",
      "end completed ",
    ]);
  });

  it("says that its text is cut, and tells the whole anew", async () => {
    const output = { type: "state.completed", output: "Bye" };
    expect(await pieces(told(delta("Hel"), { type: "text.cut" }, delta("Bye"), output, completed))).toEqual([
      "text Hel",
      "cut",
      "text Bye",
      "end completed ",
    ]);
    expect(await pieces(told(delta("Hel"), output, completed))).toEqual([
      "text Hel",
      "cut",
      "text Bye",
      "end completed ",
    ]);
  });

  it("ends where the run asks, and the next one begins with the answer", async () => {
    const aside = { ...delta("One", false), path: "flow/plan#1" };
    const events = told(aside, asked, waiting, answered, delta("Two"), completed);
    expect(await pieces(events)).toEqual(["aside One", "end asked q1"]);
    expect(await pieces(events, 3)).toEqual(["text Two", "end completed "]);
  });

  it("goes on after an end where the run is tried again", async () => {
    const failed = { type: "run.failed", error: { code: "X", message: "x" }, duration: 1 };
    const events = told(
      failed,
      { type: "run.retried" },
      { type: "state.completed", output: "Done" },
      completed,
    );
    expect(await pieces(events)).toEqual(["text Done", "end completed "]);
  });

  it("is parked where the reading ends without an end", async () => {
    expect(await pieces(told(delta("Hel")))).toEqual(["text Hel", "end parked "]);
  });
});

describe("the place of a reply", () => {
  const places: readonly ReplyPlace[] = [
    { kind: "run", run: "r-1", from: 3, again: 0 },
    { kind: "turn", chat: "desk", session: "s-1", turn: "Größe", from: 0, again: 2 },
  ];

  it.each(places)("is one word that says where it is", (place) => {
    expect(placeText(place)).toMatch(/^[\w-]+$/);
    expect(placeOf(placeText(place))).toEqual(place);
  });

  it.each(["", "x", "WzFd", `${placeText(places[0]!)}x`, "[]", "-".repeat(5000)])(
    "is not read from %s",
    (text) => {
      expect(placeOf(text)).toBeUndefined();
    },
  );
});

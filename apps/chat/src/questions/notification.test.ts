import { expect, test } from "vitest";
import { Notifier, type NotifySetting, notification } from "./notification.ts";

function heard(notify: NotifySetting | undefined, tell: (notifier: Notifier) => void): string {
  const written: string[] = [];
  const stdout = {
    write: (text: string | Uint8Array) => {
      written.push(String(text));
      return true;
    },
  };
  tell(new Notifier({ stdout, ...(notify !== undefined && { notify }) }));
  return written.join("");
}

test("a question rings the bell, or is a notification of the desktop, or is silent, as the setting says", () => {
  const asks = (notifier: Notifier): void => notifier.tell("approve asks");
  expect(heard(undefined, asks)).toBe("\u0007");
  expect(heard({ via: "osc9" }, asks)).toBe("\u001b]9;approve asks\u0007");
  expect(heard({ via: "off" }, asks)).toBe("");
});

test("the end of a turn is told when it took longer than the setting says, 20 s by default", () => {
  const took = (duration: number) => (notifier: Notifier) => notifier.ended(duration);
  expect(heard(undefined, took(20_000))).toBe("");
  expect(heard(undefined, took(20_001))).toBe("\u0007");
  expect(heard({ after: 5, via: "osc9" }, took(5_001))).toBe("\u001b]9;The turn has ended\u0007");
});

test("words of others end no sequence and begin none", () => {
  expect(notification("a\u0007b\u001b]0;owned\u0007\u009c\u202e", { via: "osc9" })).toBe(
    "\u001b]9;ab]0;owned\u0007",
  );
});

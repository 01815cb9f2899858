import { expect, test } from "vitest";
import { problemOf } from "./server-place.ts";

const messageOf = async (body: string): Promise<string> =>
  (await problemOf(new Response(body, { status: 500 }))).message;

test("what a server says of a failure is told, but for a page of HTML", async () => {
  expect(await messageOf('{"title":"There is no run.","detail":"Look at the id."}')).toBe(
    "There is no run. Look at the id.",
  );
  expect(await messageOf("There is no run.")).toBe("There is no run.");
  expect(await messageOf("\n<!DOCTYPE html><html></html>")).toBe("The server answered with 500.");
  expect(await messageOf("")).toBe("The server answered with 500.");
});

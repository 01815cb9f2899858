import { expect, test } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

test.each([
  [{ "retry-after-ms": "1500", "retry-after": "9" }, 1_500],
  [{ "retry-after": "7" }, 7_000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after": "Thu, 01 Jan 2026 12:00:30 GMT" }, 30_000],
  [{ "retry-after": "Thu, 01 Jan 2026 11:00:00 GMT" }, 0],
  [{ "retry-after": "Thursday, 01-Jan-26 12:00:30 GMT" }, 30_000],
  [{ "retry-after": "Thu Jan  1 12:00:30 2026" }, 30_000],
  [{ "retry-after": "1000000000" }, 1e12],
  [{ "retry-after": "5, 30" }, 30_000],
  [{ "retry-after-ms": "garbage", "retry-after": "2" }, 2_000],
  // The server's clock is an hour behind ours, and its wish is a difference on its own.
  [{ "retry-after": "Thu, 01 Jan 2026 11:00:30 GMT", date: "Thu, 01 Jan 2026 11:00:00 GMT" }, 30_000],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "try 5" }, undefined],
  [{ "retry-after": "1e3" }, undefined],
  [{ "retry-after": "-5" }, undefined],
  [{ "retry-after": "" }, undefined],
  [{ "retry-after": "-3x" }, undefined],
  [{}, undefined],
])("reads %o", (headers, expected) => {
  expect(retryAfterMs(new Headers(headers as Record<string, string>), NOW)).toBe(expected);
});

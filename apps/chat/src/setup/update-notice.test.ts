import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manualClock } from "@orch/testing";
import { afterEach, beforeEach, expect, it, onTestFinished } from "vitest";
import { isNewer, readUpdates, updatesOff, watchUpdates } from "./update-notice.ts";

let stateFolder: string;
beforeEach(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), "orch-update-"));
});
afterEach(() => rm(stateFolder, { recursive: true, force: true }));

/** A registry that answers with `body`. */
async function registry(
  body: string,
  status = 200,
): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const http = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void http.close());
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`, asked };
}

it("asks the registry once a day, tells of a newer version each time, and keeps what it knows", async () => {
  const { url, asked } = await registry('{"version":"2.1.0"}');
  const clock = manualClock(1_000_000);
  const told: string[] = [];
  const look = (current: string): Promise<void> =>
    watchUpdates(
      { current, stateFolder, tell: (says) => told.push(says) },
      { env: { npm_config_registry: url }, clock, fetch: globalThis.fetch },
    );
  await look("2.0.9");
  expect(told).toEqual(["orch 2.1.0 is there, and this is 2.0.9: npm install -g @orch/chat"]);
  await look("2.0.9");
  await look("2.1.0");
  expect(told).toHaveLength(2);
  expect(asked).toEqual(["/@orch%2fchat/latest"]);
  await clock.advance(86_400_001);
  await look("2.1.0");
  expect(asked).toHaveLength(2);
  expect(told).toHaveLength(2);
});

it.each([
  ["an error", "no", 500],
  ["what is no JSON", "<html>", 200],
  ["what is no version", '{"version":"\\u001b]0;x\\u0007"}', 200],
])("says nothing of %s, and does not ask again today", async (_, body, status) => {
  const { url, asked } = await registry(body, status);
  const clock = manualClock(1_000_000);
  const tell = (says: string): never => {
    throw new Error(says);
  };
  for (let time = 0; time < 2; time++)
    await watchUpdates(
      { current: "1.0.0", stateFolder, tell },
      { env: { npm_config_registry: url }, clock, fetch: globalThis.fetch },
    );
  expect(asked).toHaveLength(1);
  expect(await readUpdates(stateFolder)).toEqual({ asked: 1_000_000 });
  expect(await readdir(stateFolder)).toEqual(["updates.json"]);
});

it("can be switched off by a setting and by the environment, and asks for no source version", () => {
  expect(updatesOff({}, {}, "1.0.0")).toBeUndefined();
  expect(updatesOff({ updates: "off" }, {}, "1.0.0")).toBe("the setting updates");
  expect(updatesOff({}, { NO_UPDATE_NOTIFIER: "1" }, "1.0.0")).toBe("NO_UPDATE_NOTIFIER");
  expect(updatesOff({}, { CI: "true" }, "1.0.0")).toBe("CI");
  expect(updatesOff({}, {}, "0.0.0-source")).toBe("a version that is no release");
});

it.each([
  ["1.0.1", "1.0.0", true],
  ["1.10.0", "1.9.9", true],
  ["1.0.0", "1.0.0", false],
  ["0.9.9", "1.0.0", false],
])("%s is newer than %s: %s", (a, b, newer) => {
  expect(isNewer(a, b)).toBe(newer);
});

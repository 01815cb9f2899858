import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";

it("a newer version is a line on the screen; a registry that never answers holds nobody", async () => {
  let answers = false;
  let asked = 0;
  const http = createServer((_, response) => {
    asked += 1;
    if (answers) response.end('{"version":"9.9.9"}');
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const registry = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  await using cli = await buildCli();
  await using box = await sandbox(cli.file);
  const env = { NO_UPDATE_NOTIFIER: undefined, npm_config_registry: registry };
  {
    await using app = box.start(["--no-session"], { env });
    await app.until("Ask, or / for commands");
    app.type("\u0004");
    await app.ended;
    expect(asked).toBe(0);
  }
  answers = true;
  {
    await using app = box.start([], { env });
    await app.until(/orch 9\.9\.9 is there, and this is \d+\.\d+\.\d+: npm install -g @orch\/chat/);
    app.type("\u0004");
    expect(await app.ended).toMatchObject({ code: 0 });
  }
  expect(asked).toBe(1);
});

import { describe, expect, it } from "vitest";
import { startWords } from "./start-words.ts";

const agent = (name: string) => ({ npm_config_user_agent: `${name}/12.0.0 npm/? node/v24.11.0 linux x64` });
const HOME = "/home/ada";
const FOLDER = `${HOME}/coast`;

describe("what is typed to start the program again", () => {
  it.each([
    ["a shell", "/usr/bin/orch", {}, "orch"],
    ["a shell, through a script of pnpm", "/usr/lib/node_modules/@orch/chat/dist/cli.js", {}, "orch"],
    ["npx, of a dependency", `${FOLDER}/node_modules/.bin/orch`, agent("npm"), "npx orch"],
    [
      "pnpm, of a dependency",
      `${FOLDER}/node_modules/@orch/chat/dist/cli.js`,
      agent("pnpm"),
      "pnpm exec orch",
    ],
    [
      "yarn, without node_modules",
      `${FOLDER}/.yarn/cache/chat.zip/node_modules/cli.js`,
      agent("yarn"),
      "yarn orch",
    ],
    ["a path", `${FOLDER}/node_modules/.bin/orch`, {}, "npx orch"],
    ["npx alone", `${HOME}/.npm/_npx/a1b2/node_modules/.bin/orch`, agent("npm"), "npx @orch/chat"],
    [
      "pnpm dlx",
      `${HOME}/.cache/pnpm/dlx/a/b/node_modules/@orch/chat/dist/cli.js`,
      agent("pnpm"),
      "pnpm dlx @orch/chat",
    ],
    ["bunx", "/tmp/bunx-0-@orch/chat@latest/node_modules/.bin/orch", agent("bun"), "bunx @orch/chat"],
    ["Windows", `C:\\coast\\node_modules\\@orch\\chat\\dist\\cli.js`, agent("npm"), "orch"],
    ["another clone", "/src/orch/apps/chat/dist/cli.js", {}, "node /src/orch/apps/chat/dist/cli.js"],
  ] as const)("%s", (_, program, env, orch) => {
    expect(startWords(program, FOLDER, env).orch).toBe(orch);
  });

  it("in the clone itself, and below a folder that has it", () => {
    expect(startWords("/src/orch/apps/chat/dist/cli.js", "/src/orch", agent("pnpm")).orch).toBe(
      "npx -y pnpm@12 chat",
    );
    expect(startWords(`${FOLDER}/node_modules/.bin/orch`, `${FOLDER}/docs`, {}).orch).toBe("npx orch");
    expect(startWords(`${FOLDER}/node_modules/.bin/orch`, `${FOLDER}-2`, {}).orch).toBe("orch");
    expect(startWords("C:\\coast\\node_modules\\.bin\\orch", "C:\\coast", {}).orch).toBe("npx orch");
  });

  it("and what installs packages and runs their tools", () => {
    expect(startWords("/usr/bin/orch", FOLDER, {})).toEqual({
      orch: "orch",
      install: "npm install",
      tool: "npx",
    });
    expect(startWords("", FOLDER, agent("bun"))).toEqual({
      orch: "orch",
      install: "bun install",
      tool: "bunx",
    });
  });
});

import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { parseCLI } from "vitest/node";
import ServersFirst from "./scripts/servers-first.ts";

const amnesiaDriver = fileURLToPath(new URL("packages/core/test/amnesia-driver.ts", import.meta.url));

// Programs that tests start, and the workers, find compiled what was compiled before: half of their time.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url));

// Lane `test` runs a part of the dear files (scripts/sampled-files.ts). Who names a path or a test gets all of it.
const { filter, options } = parseCLI(["vitest", ...process.argv.slice(2)], { allowUnknownOptions: true });
const asksForSome =
  filter.length > 0 || options.testNamePattern !== undefined || options.changed !== undefined;
const isSampled = (process.env["ORCH_LANE"] ?? "test") === "test" && !asksForSome;

const shared = {
  resolve: { conditions: ["@orch/source"] },
  ssr: { resolve: { conditions: ["@orch/source", "node", "import", "default"] } },
};

const limits = {
  // A slow machine is no failure: this only ends a test that hangs. One that waits for another program watches
  // whether that still does anything (scripts/when-still.ts).
  testTimeout: 600_000,
  hookTimeout: 600_000,
  execArgv: ["--unhandled-rejections=strict"],
  // Files share a worker and the modules it has loaded, which halves the time of all. So a test puts back what
  // it changes outside of its file: the environment, globals, spies.
  isolate: false,
};

// Tests stand beside the sources they prove, and read sources, not builds.
export default defineConfig({
  test: {
    reporters: ["default", "./scripts/closing-line.ts"],
    // All cores: the default leaves one idle, and half of the tests wait for child processes.
    maxWorkers: "100%",
    sequence: { sequencer: ServersFirst },
    projects: [
      {
        ...shared,
        test: {
          name: "suite",
          setupFiles: ["scripts/seed-fast-check.ts", "scripts/sample-tests.ts"],
          env: { ORCH_SAMPLED: process.env["ORCH_SAMPLED"] ?? (isSampled ? "1" : "0") },
          include: [
            "{packages,apps}/*/{src,test}/**/*.test.{ts,tsx}",
            "{examples,docs,scripts}/**/*.test.ts",
            "bench/{*,paired/*}.test.ts",
          ],
          ...limits,
        },
      },
      {
        // The engine's functional tests and its random orchestrations once more, each run made again from its journal
        // after every record, and over frozen prototypes.
        ...shared,
        resolve: {
          ...shared.resolve,
          alias: [{ find: /^\.\/local-driver\.ts$/, replacement: amnesiaDriver }],
        },
        test: {
          name: "amnesia",
          include: [
            "packages/core/test/{amnesia,reference}.test.ts",
            "packages/core/src/{platform,words,kernel,run,define}/**/*.test.ts",
          ],
          exclude: ["**/clock.test.ts", "**/definition.test.ts"],
          setupFiles: ["scripts/seed-fast-check.ts", "packages/core/test/frozen-prototypes.ts"],
          env: { ORCH_AMNESIA: "1" },
          ...limits,
        },
      },
    ],
  },
});

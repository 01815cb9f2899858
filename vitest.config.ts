import { defineConfig } from "vitest/config";

// One project for the whole repository: tests stand beside the sources they prove, and read sources, not builds.
export default defineConfig({
  resolve: { conditions: ["@orch/source"] },
  ssr: { resolve: { conditions: ["@orch/source", "node", "import", "default"] } },
  test: {
    include: ["{packages,apps}/*/{src,test}/**/*.test.{ts,tsx}", "{examples,docs,scripts}/**/*.test.ts"],
    reporters: ["default", "./scripts/closing-line.ts"],
    // All cores: the default leaves one idle, and half of the tests wait for child processes.
    maxWorkers: "100%",
    // A slow machine is no failure: this only ends a test that hangs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    execArgv: ["--unhandled-rejections=strict"],
  },
});

import { defineConfig } from "vitest/config";

// One project for the whole repository: tests stand beside the sources they prove, and read sources, not builds.
export default defineConfig({
  resolve: { conditions: ["@orch/source"] },
  ssr: { resolve: { conditions: ["@orch/source", "node", "module", "import", "default"] } },
  test: {
    include: ["{packages,apps}/*/{src,test}/**/*.test.{ts,tsx}", "{examples,docs,scripts}/**/*.test.ts"],
    reporters: ["default", "./scripts/closing-line.ts"],
    execArgv: ["--unhandled-rejections=strict"],
  },
});

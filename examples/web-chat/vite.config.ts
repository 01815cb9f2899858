import { defineConfig } from "vite";

// In this repository packages are read from their sources. Elsewhere the line with the condition is not needed.
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ["@orch/source", "module", "browser", "production"] },
  oxc: { jsx: { runtime: "automatic" } },
  build: {
    target: "es2023",
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    // Libraries of React say "use client", which means nothing here.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  server: {
    proxy: Object.fromEntries(["/ai-sdk", "/v1", "/sse"].map((path) => [path, "http://127.0.0.1:4100"])),
  },
});

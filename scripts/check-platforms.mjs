/**
 * Fails when the lockfile lacks a native tool's binary for a platform that people work on.
 *
 * A registry may hold a tool's newest version for one platform and not yet for another; a lockfile resolved
 * in that hour installs well here and leaves a colleague's Mac without a compiler.
 */
import { readFileSync } from "node:fs";

const platforms = ["linux-x64", "linux-arm64", "darwin-arm64", "win32-x64"];

/** What each tool calls its package for a platform; most differ a little. */
const tools = {
  biome: (platform) => `@biomejs/cli-${platform}`,
  esbuild: (platform) => `@esbuild/${platform}`,
  lightningcss: (platform) => `lightningcss-${platform}${abi(platform)}`,
  "node-pty": (platform) => `@lydell/node-pty-${platform}`,
  rolldown: (platform) => `@rolldown/binding-${platform}${abi(platform)}`,
  turbo: (platform) => `@turbo/${platform.replace("win32", "windows").replace("x64", "64")}`,
  typescript: (platform) => `@typescript/typescript-${platform}`,
};

const lockfile = readFileSync(new URL("../pnpm-lock.yaml", import.meta.url), "utf8");
const missing = [];
for (const [tool, packageFor] of Object.entries(tools)) {
  for (const platform of platforms) {
    const name = packageFor(platform);
    const key = new RegExp(`^ {2}'?${name.replace("/", "\\/")}@\\d`, "m");
    if (!key.test(lockfile)) missing.push(`${tool} on ${platform} (${name})`);
  }
}

if (missing.length > 0) {
  console.error(`The lockfile has no binary of:\n  ${missing.join("\n  ")}`);
  console.error("Pin the newest version of the tool whose binaries are all published, then install again.");
  process.exitCode = 1;
} else {
  console.log(`${Object.keys(tools).length} native tools have their binaries for ${platforms.join(", ")}`);
}

function abi(platform) {
  if (platform.startsWith("linux")) return "-gnu";
  return platform.startsWith("win32") ? "-msvc" : "";
}

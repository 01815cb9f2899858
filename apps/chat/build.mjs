import { cp, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { build } from "esbuild";

// One published package with no dependencies, so that `npx @orch/chat` fetches one thing. What is imported
// lazily (a provider's SDK, the screen in headless use) becomes a file of its own and is read when needed.
const { version } = JSON.parse(await readFile(new URL("package.json", import.meta.url), "utf8"));
// The SDKs that end up in the program, for `orch doctor`: @orch/agents imports them.
const sdks = {};
for (const name of ["openai", "@anthropic-ai/sdk", "@modelcontextprotocol/client"]) {
  const file = new URL(`../../packages/agents/node_modules/${name}/package.json`, import.meta.url);
  sdks[name] = JSON.parse(await readFile(file, "utf8")).version;
}
// A test builds the same program to a folder of its own, from the packages' sources instead of their builds.
const [outdir = "dist"] = process.argv.slice(2);
/**
 * Ink's layout reads its own WebAssembly, which it carries as text, by `fetch`: the whole of Node's HTTP client, for 33 ms and 5 MB
 * before the first paint. Without a `fetch` it decodes the text itself.
 */
const layoutWithoutFetch = {
  name: "layout-without-fetch",
  setup({ onLoad }) {
    onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const contents = text.replaceAll('"function"!=typeof fetch', "true");
      return contents === text
        ? { errors: [{ text: "yoga-layout asks for fetch in other words" }] }
        : { contents };
    });
  },
};

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: ["src/cli.ts", "src/index-worker.ts"],
  outdir,
  ...(outdir !== "dist" && { conditions: ["@orch/source"] }),
  splitting: true,
  bundle: true,
  minify: true,
  // Events carry the class name of an error, and a minified one says nothing.
  keepNames: true,
  sourcemap: true,
  platform: "node",
  format: "esm",
  target: "node22",
  jsx: "automatic",
  logLevel: "warning",
  define: {
    "process.env.NODE_ENV": '"production"',
    __VERSION__: JSON.stringify(version),
    __SDKS__: JSON.stringify(sdks),
  },
  // Ink reaches for React's devtools only when DEV is set; the published app has none.
  // The SDK of Restate is the user's: `orch worker` says how to install it.
  external: ["@restatedev/restate-sdk"],
  alias: { "react-devtools-core": "./src/process/no-devtools.ts" },
  // Some bundled packages are CommonJS and call `require` for Node's own modules.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  legalComments: "linked",
  plugins: [layoutWithoutFetch],
}).catch(() => {
  // esbuild has printed what is wrong; its stack says nothing more.
  process.exitCode = 1;
});

// Bundled orchestrations are made to be copied: `orch new mine review`.
const sources = "src/orchestrations";
await mkdir(`${outdir}/sources`, { recursive: true });
for (const name of await readdir(sources))
  if (!name.endsWith(".test.ts")) await cp(`${sources}/${name}`, `${outdir}/sources/${name}`);

/** The bundlers, with the settings that people have. Each builds all entries of a folder into another one. */
import { build as esbuild } from "esbuild";
import { rolldown } from "rolldown";
import { build as vite } from "vite";
import webpack from "webpack";

/** `node` tells whether Node's own modules are there when the bundle runs. */
export const bundlers = [
  {
    // CommonJS, as `esbuild --bundle --platform=node` writes it.
    name: "esbuild for Node",
    node: true,
    build: (job) => withEsbuild(job, { platform: "node", format: "cjs", outExtension: { ".js": ".cjs" } }),
  },
  {
    // As wrangler builds: its conditions, and Node's modules left to the platform.
    name: "esbuild for a worker",
    node: false,
    build: (job) =>
      withEsbuild(job, {
        platform: "browser",
        format: "esm",
        splitting: true,
        outExtension: { ".js": ".mjs" },
        conditions: ["workerd", "worker", "browser"],
        external: ["node:*", "cloudflare:*"],
      }),
  },
  { name: "rolldown for Node", node: true, build: (job) => withRolldown(job) },
  { name: "webpack for Node", node: true, build: (job) => withWebpack(job, "node20") },
  { name: "webpack for a browser", node: false, build: (job) => withWebpack(job, "web") },
  { name: "Vite for a server", node: true, build: (job) => withVite(job, true) },
  { name: "Vite for a browser", node: false, build: (job) => withVite(job, false) },
];

/** Entries are names of programs; each becomes `<name>.mjs` or `.cjs` in `target`. Gives the warnings. */
async function withEsbuild({ folder, entries, target }, settings) {
  const { warnings } = await esbuild({
    entryPoints: Object.fromEntries(entries.map((name) => [name, `${folder}/${name}.js`])),
    outdir: target,
    bundle: true,
    logLevel: "silent",
    ...settings,
  });
  return warnings.map(({ text }) => text);
}

async function withRolldown({ folder, entries, target }) {
  const warnings = [];
  const bundle = await rolldown({
    input: Object.fromEntries(entries.map((name) => [name, `${folder}/${name}.js`])),
    platform: "node",
    onLog: (_, { message }) => warnings.push(message),
  });
  await bundle.write({
    dir: target,
    entryFileNames: "[name].mjs",
    chunkFileNames: "chunk-[name]-[hash].mjs",
  });
  await bundle.close();
  return warnings;
}

function withWebpack({ folder, entries, target }, platform) {
  const compiler = webpack({
    mode: "production",
    optimization: { minimize: false },
    context: folder,
    target: platform,
    performance: false,
    entry: Object.fromEntries(entries.map((name) => [name, `./${name}.js`])),
    experiments: { outputModule: true },
    output: {
      path: target,
      filename: "[name].mjs",
      chunkFilename: "chunk-[id].mjs",
      library: { type: "module" },
      chunkFormat: "module",
      chunkLoading: "import",
    },
  });
  return new Promise((resolve, reject) => {
    compiler.run((problem, stats) => {
      compiler.close(() => {
        if (problem) return reject(problem);
        const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
        if (errors.length > 0) return reject(new Error(errors.map(({ message }) => message).join("\n")));
        resolve(warnings.map(({ message }) => message));
      });
    });
  });
}

async function withVite({ folder, entries, target }, server) {
  await vite({
    configFile: false,
    root: folder,
    logLevel: "silent",
    ssr: { noExternal: true },
    build: {
      ssr: server,
      outDir: target,
      minify: false,
      modulePreload: false,
      rolldownOptions: {
        input: Object.fromEntries(entries.map((name) => [name, `${folder}/${name}.js`])),
        preserveEntrySignatures: "strict",
        output: { format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "chunk-[name]-[hash].mjs" },
      },
    },
  });
  return [];
}

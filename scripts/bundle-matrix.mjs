/**
 * Bundles `@orch/agents` and `@orch/chat-runtime` as their users do: the packed packages, with none, one or all of the
 * optional SDKs installed, by esbuild, rolldown, webpack and Vite, for Node and for a browser or a worker. Then it runs every
 * bundle beside a server that answers as the providers do. Needs `pnpm build` before it, and no network.
 *
 *     node scripts/bundle-matrix.mjs [--keep]     --keep leaves the folder for a look
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { answerHello } from "./bundle-matrix/answer-hello.mjs";
import { bundlers } from "./bundle-matrix/bundlers.mjs";
import { programsFor } from "./bundle-matrix/programs.mjs";
import { install, pack } from "./bundle-matrix/stages.mjs";

const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = realpathSync(mkdtempSync(join(tmpdir(), "orch-bundles-")));
const OURS = ["core", "agents", "chat-runtime"];
/** How long the bundles of one folder may run, in milliseconds. */
const LONGEST = 120_000;
/** Installed with every one of them, as npm installs dependencies and peers that are not optional. */
const ALWAYS = ["zod", "minisearch", "ignore"];
const SUBSETS = {
  "no SDK": [],
  openai: ["openai"],
  anthropic: ["@anthropic-ai/sdk"],
  "all optional peers": ["openai", "@anthropic-ai/sdk", "@modelcontextprotocol/client", "@opentelemetry/api"],
};

const { exports } = JSON.parse(readFileSync(join(root, "packages/agents/package.json"), "utf8"));
const programs = programsFor(Object.keys(exports).filter((door) => door !== "./package.json"));
const server = createServer(answerHello);
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const url = `http://127.0.0.1:${server.address().port}`;
let [tried, passed] = [0, 0];
try {
  const packed = await pack(scratch, OURS);
  for (const [subset, installed] of Object.entries(SUBSETS)) {
    const folder = userFolder(packed, subset, installed);
    for (const bundler of bundlers) await tryAll(bundler, folder, subset, installed);
  }
} finally {
  server.closeAllConnections();
  server.close();
  if (process.argv.includes("--keep")) console.log(`kept: ${scratch}`);
  else rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
}
console.log(
  `bundles: ${passed} of ${tried} built and ran (${Object.keys(SUBSETS).length} sets of SDKs, ${bundlers.length} bundlers)`,
);
process.exitCode = passed === tried ? 0 : 1;

/** A user's folder with these SDKs and no others. */
function userFolder(packed, subset, installed) {
  const folder = join(scratch, subset.replaceAll(" ", "-"));
  install(folder, packed, OURS, [...ALWAYS, ...installed]);
  for (const { name, source } of programs) writeFileSync(join(folder, `${name}.js`), source);
  return folder;
}

/** Builds what is for this platform in one go, runs it in one process, and counts. */
async function tryAll(bundler, folder, subset, installed) {
  const mine = programs.filter(({ nodeOnly }) => bundler.node || !nodeOnly);
  const target = join(folder, "out", bundler.name.replaceAll(" ", "-"));
  tried += mine.length;
  let seen = {};
  let trouble;
  let warnings = [];
  try {
    warnings = await bundler.build({ folder, entries: mine.map(({ name }) => name), target });
    seen = await runAll(mine, target, folder);
  } catch (error) {
    trouble = (error.stderr || error.message).trim().slice(0, 2_000);
  }
  const complaints = trouble === undefined ? complaintsOf(mine, seen, installed, warnings) : [trouble];
  const good = trouble === undefined ? mine.length - complaints.length : 0;
  passed += good;
  console.log(
    `${complaints.length === 0 ? "ok    " : "BROKEN"} ${bundler.name}, ${subset}: ${good} of ${mine.length}`,
  );
  for (const complaint of complaints) console.log(`         ${complaint.replaceAll("\n", "\n         ")}`);
}

function complaintsOf(mine, seen, installed, warnings) {
  // An SDK that is not there is worth a warning, and nothing else is.
  const strange = warnings.filter(
    (text) =>
      !/(?:Can't|Could not) resolve '(?:openai|@anthropic-ai\/sdk|@modelcontextprotocol\/client)/.test(text),
  );
  const found = mine.flatMap((program) => {
    const { value, error } = seen[program.name] ?? { error: "it did not run" };
    const complaint = error ?? program.expect(value, (name) => installed.includes(name));
    return complaint === undefined ? [] : [`${program.name}: ${complaint}`];
  });
  return [...found, ...strange.map((text) => `a warning: ${text}`)].slice(0, mine.length);
}

/** In a folder of its own, so that nothing is found that is not in the bundle. */
async function runAll(mine, target, folder) {
  const code = `import { existsSync } from "node:fs";
const seen = {};
// What Vite tells of a missing module; it is there in a browser.
globalThis.window = new EventTarget();
for (const name of ${JSON.stringify(mine.map(({ name }) => name))}) {
  try {
    const path = ${JSON.stringify(target)} + "/" + name;
    const { run } = await import(path + (existsSync(path + ".cjs") ? ".cjs" : ".mjs"));
    seen[name] = { value: await run({ url: ${JSON.stringify(url)} }) };
  } catch (error) {
    seen[name] = { error: String(error?.stack ?? error) };
  }
}
process.stdout.write("\\n" + JSON.stringify(seen) + "\\n", () => process.exit());`;
  const options = { cwd: folder, timeout: LONGEST, killSignal: "SIGKILL" };
  // What was printed counts: a process that has told all and then does not end is no fault of a bundle.
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], options).catch(
    (error) => (error.killed && error.stdout?.endsWith("}\n") ? error : Promise.reject(error)),
  );
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

/**
 * Bundles every door of every package as its users do, and runs the bundles where they are meant to run: on Node 22, 24 and 26, Bun, Deno,
 * workerd and Chromium. It also calls `require` for every door and compiles against every door under three ways to resolve modules. The table
 * that it prints is the one of `docs/platforms.md`, and a difference fails. Needs `pnpm build` before it; a runtime that is missing and
 * cannot be had is told as skipped.
 *
 *     node scripts/platform-matrix.mjs [--keep] [--whole] [--only <bundler>|require|types]
 *
 * `--keep` leaves the folder for a look. Node 24 runs the bundles of all bundlers and the other runtimes those of two; `--whole` runs all everywhere.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { answerHello } from "./bundle-matrix/answer-hello.mjs";
import { bundlers } from "./bundle-matrix/bundlers.mjs";
import { COLUMNS, columnsOf, doorsOf, PACKAGES, PEERS, programsOf } from "./bundle-matrix/everything.mjs";
import { provideRuntimes, runFile, runWorker } from "./bundle-matrix/runtimes.mjs";
import { install, pack } from "./bundle-matrix/stages.mjs";
import { chromiumPath, NO_CHROMIUM, openChromium } from "./chromium.ts";

const { values: flags } = parseArgs({
  options: { keep: { type: "boolean" }, whole: { type: "boolean" }, only: { type: "string" } },
});
const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = realpathSync(mkdtempSync(join(tmpdir(), "orch-platforms-")));
const folder = join(scratch, "user");
const doors = doorsOf(root);
const programs = programsOf(doors);
/** What was seen: `complaints` by column and package. */
const complaints = [];
const skipped = new Map();
let tried = 0;

const server = createServer(answer);
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const url = `http://127.0.0.1:${server.address().port}`;
try {
  install(folder, await pack(scratch, PACKAGES), PACKAGES, PEERS);
  for (const { name, source } of programs) writeFileSync(join(folder, `${name}.js`), source);
  const runtimes = await provideRuntimes();
  for (const bundler of bundlers.filter(({ name }) => flags.only === undefined || flags.only === name))
    await tryBundler(bundler, runtimes);
  if (flags.only === undefined || flags.only === "require") await tryRequire(runtimes);
  if (flags.only === undefined || flags.only === "types") await tryTypes();
} finally {
  server.closeAllConnections();
  server.close();
  if (flags.keep) console.log(`kept: ${scratch}`);
  else rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
}
tell();

/** Builds what is for the bundler's platform in one go, and runs it in every runtime of that platform. */
async function tryBundler(bundler, runtimes) {
  const mine = programs.filter(({ nodeOnly }) => bundler.node || !nodeOnly);
  const target = join(folder, "out", bundler.name.replaceAll(" ", "-"));
  await bundler.build({ folder, entries: mine.map(({ name }) => name), target });
  for (const column of columnsOf(bundler, flags.whole === true)) {
    await judge(column, mine, bundler.name, () => runIn(column, mine, target, runtimes));
  }
}

async function runIn(column, mine, target, runtimes) {
  if (column === "Chromium") return runInChromium(mine, target);
  const runtime = runtimes[column === "Workers" ? "workerd" : column];
  if (typeof runtime === "string") return runtime;
  const files = mine.map(({ name }) => [name, existsSync(join(target, `${name}.cjs`)) ? "cjs" : "mjs"]);
  if (column === "Workers") {
    writeFileSync(join(target, "all-of-them.mjs"), workerOf(files));
    return runWorker(runtime, target, "all-of-them.mjs");
  }
  const file = join(target, "all-of-them.mjs");
  writeFileSync(file, `${runnerOf(files)}\nconsole.log(JSON.stringify(seen));\nprocess.exit();`);
  return runFile(runtime, file, folder);
}

/** Runs every program, one after another, and keeps what each gave. */
function runnerOf(files) {
  const list = files.map(
    ([name, ending]) => `[${JSON.stringify(name)}, () => import("./${name}.${ending}")]`,
  );
  return `const seen = {};
for (const [name, load] of [${list.join(", ")}]) {
  try {
    seen[name] = { value: await (await load()).run({ url: ${JSON.stringify(url)} }) };
  } catch (error) {
    seen[name] = { error: String(error?.stack ?? error) };
  }
}`;
}

/** A worker may fetch in a request alone. */
function workerOf(files) {
  return `export default { async fetch() {
${runnerOf(files)}
return new Response(JSON.stringify(seen));
} };`;
}

async function runInChromium(mine, target) {
  if (chromiumPath === undefined) return NO_CHROMIUM;
  const place = target.slice(scratch.length);
  writeFileSync(
    join(target, "all-of-them.mjs"),
    `${runnerOf(mine.map(({ name }) => [name, "mjs"]))}\nexport { seen };`,
  );
  const browser = await openChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`${url}/page`);
    return await page.evaluate(
      (path) => import(path).then(({ seen }) => seen),
      `/files${place}/all-of-them.mjs`,
    );
  } finally {
    await browser.close();
  }
}

/** The provider, and for Chromium the files. */
function answer(request, response) {
  if (request.url === "/page")
    return response.writeHead(200, { "content-type": "text/html" }).end("<title>doors</title>");
  if (!request.url.startsWith("/files/")) return answerHello(request, response);
  const file = join(scratch, normalize(decodeURIComponent(request.url.slice("/files".length))));
  const type = extname(file) === ".mjs" ? "text/javascript" : "application/octet-stream";
  try {
    response.writeHead(200, { "content-type": type }).end(readFileSync(file));
  } catch {
    response.writeHead(404).end();
  }
}

/** CommonJS calls `require` for every door, without a bundler. */
async function tryRequire(runtimes) {
  const file = join(folder, "require.cjs");
  const names = JSON.stringify(doors.map(({ specifier }) => specifier));
  writeFileSync(
    file,
    `const seen = {};
for (const name of ${names}) {
  try { seen[name] = { value: Object.entries(require(name)).filter(([, value]) => value === undefined).map(([key]) => key) }; }
  catch (error) { seen[name] = { error: String(error.stack) }; }
}
console.log(JSON.stringify(seen));
process.exit();`,
  );
  const wanted = doors.map(({ specifier, owner }) => ({ name: specifier, owner, expect: allThere }));
  for (const column of ["Node 22", "Node 24", "Node 26", "Bun", "Deno"]) {
    const runtime = runtimes[column];
    await judge(column, wanted, "require", () =>
      typeof runtime === "string" ? runtime : runFile(runtime, file, folder),
    );
  }
}

function allThere(lost) {
  return lost.length === 0 ? undefined : `it has no ${lost.join(", ")}`;
}

/** The declarations of every door, as three kinds of projects find them. */
async function tryTypes() {
  const imports = doors.map(
    ({ specifier }, at) => `import * as door${at} from "${specifier}";\nexport { door${at} };\n`,
  );
  writeFileSync(join(folder, "types.ts"), imports.join(""));
  for (const [way, module] of [
    ["node16", "node16"],
    ["nodenext", "nodenext"],
    ["bundler", "esnext"],
  ]) {
    const flags = [
      "--noEmit",
      "--strict",
      "--target",
      "es2024",
      "--module",
      module,
      "--moduleResolution",
      way,
    ];
    const args = [...flags, "--skipLibCheck", "--types", "", "types.ts"];
    tried += doors.length;
    await promisify(execFile)(join(root, "node_modules/.bin/tsc"), args, { cwd: folder }).catch((error) =>
      complaints.push({ column: "types", owner: "types", text: `${way}: ${error.stdout.slice(0, 1_500)}` }),
    );
  }
  const failed = complaints.filter(({ column }) => column === "types").length;
  console.log(
    `${failed === 0 ? "ok    " : "BROKEN"} types of ${doors.length} doors under node16, nodenext and bundler`,
  );
}

/** Runs, and holds against what is expected; a text in place of what was seen says why there is no such runtime. */
async function judge(column, mine, how, work) {
  let seen;
  try {
    seen = await work();
  } catch (error) {
    complaints.push({ column, owner: "all", text: `${how}: ${error.message.slice(0, 2_000)}` });
    console.log(`BROKEN ${how} on ${column}: ${error.message.slice(0, 2_000)}`);
    return;
  }
  if (typeof seen === "string") {
    if (!skipped.has(column)) console.log(`skipped: ${column}; ${seen}`);
    skipped.set(column, seen);
    return;
  }
  tried += mine.length;
  const found = mine.flatMap(({ name, owner, expect }) => {
    const { value, error } = seen[name] ?? { error: "it did not run" };
    const text = error ?? expect(value, () => true, column);
    return text === undefined ? [] : [{ column, owner, text: `${how}, ${name}: ${text}` }];
  });
  complaints.push(...found);
  console.log(
    `${found.length === 0 ? "ok    " : "BROKEN"} ${how} on ${column}: ${mine.length - found.length} of ${mine.length}`,
  );
  for (const { text } of found) console.log(`         ${text.slice(0, 600).replaceAll("\n", "\n         ")}`);
}

/** Prints the table, and holds the one of the docs against it. */
function tell() {
  const rows = PACKAGES.map((owner) => {
    const cells = COLUMNS.map((column) => cellOf(owner, column));
    return `| \`@orch/${owner}\` | ${cells.join(" | ")} |`;
  });
  console.log(
    `\n| package | ${COLUMNS.join(" | ")} |\n|${"---|".repeat(COLUMNS.length + 1)}\n${rows.join("\n")}\n`,
  );
  const page = readFileSync(join(root, "docs/platforms.md"), "utf8").split("\n");
  const stale = rows.filter((row) => !page.some((line) => sameRow(line, row)));
  for (const row of stale) console.log(`docs/platforms.md has no such row: ${row}`);
  console.log(`platforms: ${tried - complaints.length} of ${tried} ran, ${skipped.size} runtimes skipped`);
  process.exitCode = complaints.length === 0 && stale.length === 0 ? 0 : 1;
}

function cellOf(owner, column) {
  if (skipped.has(column)) return "skipped";
  const mine = doors.filter((door) => door.owner === owner);
  const meant = mine.filter(({ nodeOnly }) => !nodeOnly || !["Workers", "Chromium"].includes(column));
  if (meant.length === 0) return "no";
  const isBroken = complaints.some((one) => one.column === column && [owner, "all"].includes(one.owner));
  if (isBroken) return "BROKEN";
  const rest = mine.filter((door) => !meant.includes(door)).map(({ door }) => `\`${door}\``);
  return rest.length === 0 ? "yes" : `yes, but ${rest.join(", ")}`;
}

/** A skipped cell fits whatever the page says. */
function sameRow(line, row) {
  const [there, here] = [line.split(" | "), row.split(" | ")];
  return (
    there.length === here.length && here.every((cell, at) => cell.startsWith("skipped") || cell === there[at])
  );
}

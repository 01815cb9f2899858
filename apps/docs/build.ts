/**
 * Builds the site into `dist`, and fails on a link that leads nowhere.
 *
 *     node build.ts            installs what is missing, builds, checks
 *     node build.ts --pages    only writes what Astro reads
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { doorsOf, packageFolders } from "../../scripts/source-files.ts";
import { deadLinks } from "./src/check/dead-links.ts";
import { withoutCopyButtons } from "./src/page/copy-buttons.ts";
import { pictureSize, withPictureSizes } from "./src/page/picture-size.ts";
import { BASE } from "./src/page/site-page.ts";
import { siteSource } from "./src/source/site-source.ts";
import { llmsFull, llmsIndex, markdownOf } from "./src/text/llms-text.ts";

const here = import.meta.dirname;
const root = join(here, "../..");
const made = join(here, "node_modules/.site");
const dist = join(here, "dist");

const ABOUT =
  "Typed state machines that coordinate agents, in TypeScript: states, checked edges, one engine, durable runs, and a terminal chat on top.";

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function run(program: string, args: readonly string[]): void {
  const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: "1", NO_COLOR: "1" };
  const { status, error } = spawnSync(program, args, { cwd: here, env, stdio: "inherit" });
  if (status !== 0) {
    console.error(`${program} ${args.join(" ")} failed: ${error?.message ?? `exit code ${status}`}`);
    process.exit(1);
  }
}

function install(): void {
  const hasPnpm = spawnSync("pnpm", ["--version"], { stdio: "ignore" }).status === 0;
  const [program, ...args] = hasPnpm ? ["pnpm"] : ["npx", "--yes", "pnpm@12"];
  run(program!, [...args, "install", "--frozen-lockfile"]);
}

if (!existsSync(join(here, "node_modules/astro"))) install();

/** The source of every door of every package, by the name that an import has. */
function doors(): ReadonlyMap<string, string> {
  const packages = packageFolders().filter((folder) => folder.startsWith("packages/"));
  return new Map(
    packages.flatMap((folder) =>
      [...doorsOf(folder)].map(
        ([door, path]) => [`${folder.replace("packages/", "@orch/")}${door.slice(1)}`, path] as const,
      ),
    ),
  );
}

function sizePictures(): void {
  const folder = join(root, "docs/images");
  const sizes = new Map(
    readdirSync(folder).flatMap((name) => {
      const size = pictureSize(readFileSync(join(folder, name)));
      return size === undefined ? [] : [[`${BASE}/images/${name}`, size] as const];
    }),
  );
  for (const page of globSync("**/*.html", { cwd: dist })) {
    const html = readFileSync(join(dist, page), "utf8");
    if (html.includes(`"${BASE}/images/`)) writeFileSync(join(dist, page), withPictureSizes(html, sizes));
  }
}

function lightenReference(): void {
  for (const page of globSync("api/**/*.html", { cwd: dist })) {
    const file = join(dist, page);
    writeFileSync(file, withoutCopyButtons(readFileSync(file, "utf8")));
  }
}

const { pages, menu } = siteSource(root, doors());
rmSync(made, { recursive: true, force: true });
write(join(made, "source.json"), JSON.stringify({ pages, menu }));
cpSync(join(root, "docs/images"), join(made, "public/images"), { recursive: true });
cpSync(join(here, "site/favicon.svg"), join(made, "public/favicon.svg"));

if (!process.argv.includes("--pages")) {
  rmSync(dist, { recursive: true, force: true });
  run(join(here, "node_modules/.bin/astro"), ["build", "--silent"]);
  sizePictures();
  lightenReference();
  for (const page of pages)
    write(join(dist, `${page.slug === "" ? "index" : page.slug}.md`), markdownOf(page));
  write(join(dist, "llms.txt"), llmsIndex(ABOUT, menu, pages));
  write(join(dist, "llms-full.txt"), llmsFull(pages));
  const dead = deadLinks(dist);
  for (const { page, target } of dead) console.error(`${page} -> ${target}`);
  console.log(`${pages.length} pages, ${dead.length} dead links`);
  if (dead.length > 0) process.exitCode = 1;
}

import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { attacher, mentionsIn, refusing } from "./named-files.ts";

let base: string;
let root: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "orch-attach-"));
  root = join(base, "work");
  await mkdir(join(root, "src"), { recursive: true });
  await writeFile(join(root, "src/a.ts"), "const a = 1;\n");
  await writeFile(join(root, "my notes.md"), "Notes\n");
});
afterEach(() => rm(base, { recursive: true, force: true }));

const ALL = { images: true, files: true };
const said = async (text: string, caps = ALL): Promise<string[]> =>
  (await attacher(root, caps)(text)).map(({ says }) => says);

it("says that nothing is attached where only the words of a message are taken", async () => {
  expect(await refusing(attacher(root, ALL), "research")("What does @src/a.ts do, @someone?")).toEqual([
    { path: "src/a.ts", says: "not attached: src/a.ts, because research takes only the words of a message" },
  ]);
});

it("reads what a message names, each file once, also at the end of a sentence", async () => {
  const found = await attacher(
    root,
    ALL,
  )('What is @src/a.ts, and @"my notes.md"? See (@src/a.ts) and @src/a.ts.');
  expect(found.map(({ says }) => says)).toEqual([
    "attached src/a.ts (13 bytes)",
    "attached my notes.md (6 bytes)",
  ]);
  expect(found[0]?.parts).toEqual([
    { type: "text", text: '<file path="src/a.ts">\nconst a = 1;\n\n</file>' },
  ]);
});

it("takes for an ordinary word what is no file, and for nobody's word what was piped in", async () => {
  expect(await said("@ada, mail ada@src/a.ts, @@src/a.ts @gone.ts @http://x/y")).toEqual([]);
  expect(await said("why?\n\n<context>\nsee @src/a.ts\n</context>")).toEqual([]);
  expect(mentionsIn("look @a.ts!")).toEqual([["a.ts!", "a.ts"]]);
});

it("refuses secrets, ignored files, folders and every way out of the folder, and says so", async () => {
  await writeFile(join(base, "outside.txt"), "outside");
  await symlink(join(base, "outside.txt"), join(root, "link.txt"));
  await writeFile(join(root, ".env"), "KEY=1");
  await writeFile(join(root, ".gitignore"), "ignored.txt\n");
  await writeFile(join(root, "ignored.txt"), "no");
  for (const path of [
    "../outside.txt",
    join(base, "outside.txt"),
    "link.txt",
    ".env",
    "ignored.txt",
    "src",
    "~/x",
  ]) {
    const [one, ...others] = await attacher(root, ALL)(`@${path}`);
    expect(one?.parts, path).toBeUndefined();
    expect(one?.says, path).toMatch(/^not attached: /);
    expect(others).toEqual([]);
  }
  await writeFile(join(root, "conf.ts"), 'const key = "sk-abcdefghijklmnopqrstuvwxyz0123";\n');
  const [conf] = await attacher(root, ALL)("@conf.ts");
  expect(JSON.stringify(conf?.parts)).not.toContain("sk-abc");
});

it("cuts what is long, and attaches no more than fits", async () => {
  await writeFile(join(root, "long.txt"), "x".repeat(300_000));
  await writeFile(join(root, "long2.txt"), "y".repeat(300_000));
  await writeFile(join(root, "huge.txt"), "x".repeat(2e6));
  expect(await said("@long.txt @long2.txt @src/a.ts @huge.txt")).toEqual([
    "attached long.txt (the first 256.0 kB of 300.0 kB)",
    expect.stringMatching(/^attached long2\.txt \(the first 25\d\.\d kB of 300\.0 kB\)$/),
    "not attached: src/a.ts (all together over 512.0 kB)",
    expect.stringMatching(/^not attached: .*more than 1048576 bytes/),
  ]);
});

it("gives pictures and documents to a model that takes them", async () => {
  await writeFile(join(root, "p.png"), Uint8Array.of(0x89, 0x50, 0, 1));
  await writeFile(join(root, "raw.bin"), Uint8Array.of(0, 1, 2));
  const [picture] = await attacher(root, ALL)("@p.png");
  expect(picture).toMatchObject({
    says: "attached p.png (4 bytes)",
    parts: [{ type: "file", mediaType: "image/png", data: "iVAAAQ==", name: "p.png" }],
  });
  expect(await said("@p.png @raw.bin", { images: false, files: false })).toEqual([
    "not attached: p.png (the model takes no pictures)",
    "not attached: raw.bin (neither text nor a picture)",
  ]);
});

it("T19: reads what a server offers under a name, says why where it does not, and leaves other names to the folder", async () => {
  const png = { type: "file", mediaType: "image/png", data: "iVAAAQ==" } as const;
  const read = async (named: string) => {
    if (!named.startsWith("lab:")) return undefined;
    const uri = named.slice(4);
    if (uri === "x://gone") return { problem: "no such address" };
    const parts =
      uri === "x://p" ? [png] : uri === "x://none" ? [] : [{ type: "text" as const, text: "</resource>" }];
    return { server: "lab", uri, parts };
  };
  const attach = attacher(root, { images: false, files: true }, read);
  const found = await attach("@lab:x://a, @lab:x://gone @lab:x://p @lab:x://none @src/a.ts @other:x://a");
  expect(found.map(({ says }) => says)).toEqual([
    "attached lab:x://a (11 bytes)",
    "not attached: lab:x://gone (no such address)",
    "not attached: lab:x://p (the model takes no pictures)",
    "not attached: lab:x://none (it is empty)",
    "attached src/a.ts (13 bytes)",
  ]);
  expect(found[0]?.parts).toEqual([
    { type: "text", text: '<resource server="lab" uri="x://a">\n</resource>\n</resource>' },
  ]);
  expect((await attacher(root, ALL, read)("@lab:x://p"))[0]?.parts).toEqual([png]);
});

import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileTools } from "./file-tools.ts";
import type { TextFolderOptions } from "./text-folder.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "orch-files-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

function toolsOf(options: Partial<TextFolderOptions> = {}): (name: string, input: object) => Promise<string> {
  const tools = fileTools({ root, ...options });
  return async (name, input) => {
    const tool = tools.find((one) => one.name === name)!;
    const checked = await tool.input["~standard"].validate(input);
    if (checked.issues !== undefined) throw new Error(JSON.stringify(checked.issues));
    const ctx = { signal: new AbortController().signal, callId: "1", emit: () => {} };
    return String(await tool.invoke(checked.value as never, ctx));
  };
}

describe("list_files", () => {
  test("leaves out generated code, secrets, binaries, links and what .gitignore names", async () => {
    await put("README.md", "hello");
    await put("src/main.ts", "code");
    await put("src/picture.png", "png");
    await put("src/raw.dat", Uint8Array.of(65, 0, 66));
    await put("node_modules/x/index.js", "no");
    await put("packages/a/dist/index.js", "no");
    await put(".git/config", "no");
    await put(".env", "KEY=1");
    await put(".env.example", "KEY=");
    await put("deploy.pem", "no");
    await put(".gitignore", "*.log\n/build/\n!keep.log\n");
    await put("a.log", "no");
    await put("keep.log", "yes");
    await put("build/x.md", "no");
    await put("src/build/x.md", "yes");
    await put("src/.gitignore", "*.tmp\n!a.log\n");
    await put("src/a.tmp", "no");
    await put("src/a.log", "yes, unignored below");
    await symlink("README.md", join(root, "link.md"));
    const text = await toolsOf()("list_files", {});
    expect(text.split("\n").map((line) => line.replace(/ \(.*/, ""))).toEqual([
      ".env.example",
      ".gitignore",
      "README.md",
      "keep.log",
      "src/.gitignore",
      "src/a.log",
      "src/build/x.md",
      "src/main.ts",
      "src/raw.dat",
    ]);
    expect(text).toContain("README.md (5 bytes)");
  });

  test("leaves out what .orchignore names, and brings back what it takes out of .gitignore", async () => {
    await put(".gitignore", "notes/\n*.log\n");
    await put(".orchignore", "fixtures/\n!keep.log\n");
    await put("a.md", "yes");
    await put("fixtures/b.md", "no");
    await put("keep.log", "yes");
    await put("other.log", "no");
    const text = await toolsOf()("list_files", {});
    expect(text.split("\n").map((line) => line.replace(/ \(.*/, ""))).toEqual([
      ".gitignore",
      ".orchignore",
      "a.md",
      "keep.log",
    ]);
  });

  test("shows one folder when asked", async () => {
    await put("docs/a.md", "a");
    await put("docs2/b.md", "b");
    for (const folder of ["docs", "docs/", "./docs"]) {
      expect(await toolsOf()("list_files", { folder })).toBe("docs/a.md (1 bytes)");
    }
  });

  test("says where a limit cut the list", async () => {
    for (let i = 0; i < 5; i++) await put(`f${i}.md`, "12345");
    await put("large.md", "1234567890");
    expect(await toolsOf({ maxFiles: 3 })("list_files", {})).toMatch(
      /f2.md \(5 bytes\)\n\(The list is cut at 3 files.\)$/,
    );
    expect(await toolsOf({ maxBytes: 11 })("list_files", {})).toMatch(
      /f1.md \(5 bytes\)\n\(The list is cut at 11 bytes.\)$/,
    );
    expect(await toolsOf({ maxFileBytes: 9 })("list_files", {})).toMatch(
      /\n\(1 files over 9 bytes are left out.\)$/,
    );
  });

  test("reads only the given paths, and names those that are missing", async () => {
    await put("README.md", "r");
    await put("docs/a.md", "a");
    await put("docs/a.tmp", "a");
    await put("src/main.ts", "m");
    await put(".gitignore", "*.tmp");
    const text = await toolsOf({ paths: ["./docs/", "README.md", "docs/a.md", "gone", "../up"] })(
      "list_files",
      {},
    );
    expect(text).toBe("README.md (1 bytes)\ndocs/a.md (1 bytes)\n(Not found: gone, ../up.)");
  });
});

describe("read_file", () => {
  test("gives each line with its path and number", async () => {
    await put("docs/a.md", "one\r\ntwo\nthree\n");
    const call = toolsOf();
    expect(await call("read_file", { path: "docs/a.md" })).toBe(
      "docs/a.md:1: one\ndocs/a.md:2: two\ndocs/a.md:3: three",
    );
    expect(await call("read_file", { path: "docs/a.md", from: 2, to: 2 })).toBe(
      "docs/a.md:2: two\n(3 lines in all; go on from line 3)",
    );
    expect(await call("read_file", { path: "docs/a.md", from: 9 })).toBe(
      "docs/a.md has 3 lines; there is no line 9.",
    );
    expect(await call("read_file", { path: "docs/a.md", from: 3, to: 1 })).toMatch(/^Nothing to read/);
  });

  test("gives at most 400 lines and says how to go on", async () => {
    await put("long.txt", "x\n".repeat(1000));
    const text = await toolsOf()("read_file", { path: "long.txt" });
    expect(text.split("\n")).toHaveLength(401);
    expect(text).toMatch(/\(1000 lines in all; go on from line 401\)$/);
  });

  test.each([
    "../x",
    "/etc/passwd",
    ".env",
    ".ENV",
    "./.env",
    "sub/.env.local",
    "ignored.md",
    "folder-ignored/a.md",
    "bytes.txt",
    ".git/config",
    "gone.md",
    "link-to-env",
  ])("refuses %s", async (path) => {
    await put(".env", "KEY=1");
    await put(".ENV", "KEY=1");
    await put("sub/.env.local", "KEY=1");
    await put(".gitignore", "ignored.md\nfolder-ignored/\n");
    await put("ignored.md", "no");
    await put("folder-ignored/a.md", "no");
    await put("bytes.txt", Uint8Array.of(65, 0, 66));
    await put(".git/config", "no");
    await symlink(".env", join(root, "link-to-env"));
    await expect(toolsOf()("read_file", { path })).rejects.toMatchObject({ code: "ORCH_PATH_REFUSED" });
  });
});

describe("search_files", () => {
  test("finds paragraphs by stem and heading, with path and line", async () => {
    await put("docs/retry.md", "# Retries\n\nFailed states run again.\nThe delay doubles.\n\nOther words.\n");
    await put("docs/other.md", "# Something else\n\nNothing of interest here.\n");
    const text = await toolsOf()("search_files", { query: "retried failing state", limit: 1 });
    expect(text).toBe(
      "# Retries\ndocs/retry.md:3: Failed states run again.\ndocs/retry.md:4: The delay doubles.",
    );
    expect(await toolsOf()("search_files", { query: "xylophone" })).toBe("Nothing found.");
  });

  test("sees files that were added, changed and deleted since the last search", async () => {
    await put("a.md", "The apple is red.");
    const call = toolsOf();
    expect(await call("search_files", { query: "apple" })).toContain("a.md:1: The apple is red.");
    await put("a.md", "The banana is yellow and long.");
    await put("b.md", "The cherry is small.");
    expect(await call("search_files", { query: "apple" })).toBe("Nothing found.");
    expect(await call("search_files", { query: "banana" })).toContain("a.md:1:");
    expect(await call("search_files", { query: "cherry" })).toContain("b.md:1:");
    await rm(join(root, "b.md"));
    expect(await call("search_files", { query: "cherry" })).toBe("Nothing found.");
  });

  test("gives the same answer after changes as a search that starts afresh", async () => {
    const words = ["state", "advancer", "retry", "model", "session", "error", "journal"];
    const paragraph = (seed: number): string =>
      Array.from({ length: 9 }, (_, i) => words[(seed * 7 + i * i * 3 + seed * i) % words.length]).join(" ");
    for (let i = 0; i < 20; i++)
      await put(`f${i}.md`, `# ${words[i % 7]}\n\n${paragraph(i)}\n\n${paragraph(i + 1)}`);
    const used = toolsOf();
    await used("search_files", { query: "state" });
    for (let i = 19; i > 0; i -= 3)
      await put(`f${i}.md`, `${paragraph(i + 40)} and more\n\n${paragraph(i + 3)}`);
    for (const query of ["state retry", "journal of a session", "model errors", "advancers"]) {
      expect(await used("search_files", { query })).toBe(await toolsOf()("search_files", { query }));
    }
  });

  test("can be asked twice at once", async () => {
    for (let i = 0; i < 10; i++) await put(`f${i}.md`, `apple ${i}`);
    const call = toolsOf();
    const [one, two] = await Promise.all([
      call("search_files", { query: "apple" }),
      call("search_files", { query: "apple" }),
    ]);
    expect(one).toBe(two);
  });
});

describe("T29: a folder with more files than are listed", () => {
  const many = async (): Promise<void> => {
    for (let at = 0; at < 30; at++)
      await put(`d/f${String(at).padStart(2, "0")}.md`, `This is number ${at}.`);
  };

  test("is searched in the files that hold a word of the query, wherever their names stand", async () => {
    await many();
    await put(".env", "number 29");
    await put("z.png", "number 29");
    const asked: (readonly string[])[] = [];
    const call = toolsOf({
      maxFiles: 5,
      find: async (words) => {
        asked.push(words);
        return ["d/f29.md", ".env", "../outside.md", "z.png", "gone.md"];
      },
    });
    const text = await call("search_files", { query: "numbered topic7 29" });
    expect(text).toContain("d/f29.md:1: This is number 29.");
    expect(text).not.toContain(".env");
    expect(text).toContain(
      "(The folder has more files than are listed; those that hold a word of the query were searched.)",
    );
    expect(asked).toEqual([["numbe", "topic7", "29"]]);
    await put("d/f29.md", "This is number 29 no more, but 92.");
    expect(await call("search_files", { query: "number 92" })).toContain("but 92");
  });

  test("is searched in the files that are listed where nobody can find others", async () => {
    await many();
    const call = toolsOf({ maxFiles: 5, find: async () => undefined });
    const text = await call("search_files", { query: "number 3" });
    expect(text).toContain("d/f03.md:1:");
    expect(text).toContain("The list is cut at 5 files.");
  });

  test("asks nobody while it is small", async () => {
    await put("a.md", "The apple is red.");
    const call = toolsOf({ find: () => Promise.reject(new Error("asked")) });
    expect(await call("search_files", { query: "apple" })).toContain("a.md:1:");
  });
});

import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileTools } from "./file-tools.ts";
import { isSecretPath } from "./secret-files.ts";

const SECRET_FILES = [
  ".aws/credentials",
  ".aws/config",
  ".git-credentials",
  ".config/gh/hosts.yml",
  ".config/gcloud/application_default_credentials.json",
  ".config/git/credentials",
  ".docker/config.json",
  ".kube/config",
  ".azure/accessTokens.json",
  ".pypirc",
  ".npmrc",
  ".netrc",
  ".bash_history",
  ".zsh_history",
  ".psql_history",
  ".local/share/fish/fish_history",
  ".ssh/id_work",
  ".ssh/id_ed25519",
  ".ssh/config",
  ".gnupg/secring.txt",
  ".password-store/bank.txt",
  "infra/terraform.tfvars",
  "infra/prod.auto.tfvars",
  "infra/terraform.tfstate",
  "credentials.json",
  "gcp-credentials.json",
  "client_secret_123.json",
  "service-account.json",
  ".env",
  ".env.local",
  "prod.env",
  ".envrc",
  "secrets.yaml",
  "config/secrets.json",
  ".secrets",
  ".pgpass",
  ".vault-token",
  ".htpasswd",
  "server.key",
  "kubeconfig",
  ".codex/auth.json",
  ".config/orch/config.json",
  ".local/state/orch/history.jsonl",
  ".local/state/orch/crash-1.log",
  "elsewhere/orch/history.jsonl",
  "elsewhere/orch/trust.json",
  "deep/in/a/folder/.AWS/Credentials",
];
const ORDINARY = [
  ".env.example",
  "secrets.yaml.example",
  "src/secrets.ts",
  "src/credentials.ts",
  "docs/secrets.md",
  "src/keys.ts",
  "src/history.ts",
  "tokens.json",
  ".docker/Dockerfile",
  "environment.ts",
  "config/settings.yaml",
  "orch/readme.md",
];

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "orch-secrets-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

async function call(name: string, input: object, at = root): Promise<string> {
  const found = fileTools({ root: at }).find((tool) => tool.name === name)!;
  const ctx = { signal: new AbortController().signal, callId: "1", emit: () => {} };
  return String(await found.invoke(input as never, ctx));
}

describe("T03: a file that holds secrets", () => {
  it.each(SECRET_FILES)("is neither listed, found nor read: %s", async (path) => {
    await put(path, "the xylophone password is here");
    await put("notes.md", "nothing");
    await symlink(join(root, path), join(root, "innocent.md"));
    expect(await call("list_files", {})).toBe("notes.md (7 bytes)");
    expect(await call("search_files", { query: "xylophone" })).toBe("Nothing found.");
    for (const asked of [path, `./${path}`, join(root, path), "innocent.md"])
      await expect(call("read_file", { path: asked })).rejects.toMatchObject({ code: "ORCH_PATH_REFUSED" });
  });

  it.each(ORDINARY)("is not any file with a name like it: %s", async (path) => {
    expect(isSecretPath(join(root, path))).toBe(false);
    await put(path, "the xylophone");
    expect(await call("read_file", { path })).toContain("xylophone");
    expect(await call("list_files", {})).toContain(path);
  });

  it("is not read either where the folder of credentials is the root", async () => {
    await put(".aws/credentials", "xylophone");
    await put(".config/gh/hosts.yml", "xylophone");
    expect(await call("list_files", {}, join(root, ".aws"))).toBe("No text files.");
    await expect(call("read_file", { path: "gh/hosts.yml" }, join(root, ".config"))).rejects.toMatchObject({
      code: "ORCH_PATH_REFUSED",
    });
  });
});

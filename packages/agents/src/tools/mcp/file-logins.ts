/** Logins in files: one for each server, readable by their owner only. */
import { parseJson } from "@orch/core";
import { isObject } from "../../platform/json-object.ts";
import { secretText } from "../../platform/secret-text.ts";
import { sha256 } from "../../platform/sha256.ts";
import type { KeptLogin, McpLoginStore } from "./mcp-login.ts";

const NAME_DIGITS = 16;
const ENDING = ".login.json";

/**
 * Keeps logins as files of a folder, which is made when it is needed. A file is replaced as a whole, and nobody but its
 * owner can read it (mode 0600; the folder 0700).
 */
export function fileLogins(folder: string): McpLoginStore {
  const pathOf = (server: string, url: string): string =>
    `${folder}/${sha256(`${server}\n${url}`).slice(0, NAME_DIGITS)}${ENDING}`;
  return {
    load: async (server, url) => {
      const kept = await read(pathOf(server, url));
      return kept?.server === server && kept.url === url ? kept : undefined;
    },
    save: async (kept) => {
      const { chmod, mkdir, rename, writeFile } = await import("node:fs/promises");
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      const path = pathOf(kept.server, kept.url);
      const draft = `${path}.${secretText().slice(0, NAME_DIGITS)}`;
      await writeFile(draft, JSON.stringify(kept), { mode: 0o600 });
      await rename(draft, path);
    },
    remove: async (server, url) => {
      const { rm } = await import("node:fs/promises");
      await rm(pathOf(server, url), { force: true });
    },
    list: async () => {
      const { readdir } = await import("node:fs/promises");
      const names = await readdir(folder).catch((): string[] => []);
      const kept = names.filter((name) => name.endsWith(ENDING)).map((name) => read(`${folder}/${name}`));
      return (await Promise.all(kept)).filter((one) => one !== undefined);
    },
  };
}

/** A file that is not there or says something else is no login. */
async function read(path: string): Promise<KeptLogin | undefined> {
  const { readFile } = await import("node:fs/promises");
  const value = await readFile(path, "utf8")
    .then((text) => parseJson(text, { maxDepth: 64 }))
    .catch(() => undefined);
  if (!isObject(value)) return undefined;
  const { server, url, login } = value;
  return typeof server === "string" && typeof url === "string" && login !== undefined
    ? { server, url, login }
    : undefined;
}

/**
 * The files that the user allowed to run. Trust belongs to a content, not to a name: a file that changed is not
 * trusted any more.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseJson } from "@orch/core";

/** Remembers which file contents the user trusts. */
export interface Trust {
  /** Whether `content` under `name` is trusted; with `--trust` it is, and is remembered where things are kept. */
  readonly allows: (name: string, content: string) => Promise<boolean>;
  /** Trusts `content` under `name` from now on. */
  readonly remember: (name: string, content: string) => Promise<void>;
}

/** How a record of trusted contents is opened. */
export interface TrustOptions {
  /** The user's word, `--trust`. */
  readonly grant: boolean;
  /** Whether the word outlives this start; not so with `--no-session`. */
  readonly keep: boolean;
}

/** Opens the record of trusted contents that is kept in `folder`. */
export function openTrust(folder: string, { grant, keep }: TrustOptions): Trust {
  const file = join(folder, "trust.json");
  const remember = async (name: string, content: string): Promise<void> => {
    const known = { ...(await read(file)), [name]: hashOf(content) };
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(`${file}.new`, `${JSON.stringify({ v: 1, trusted: known }, undefined, 2)}\n`, {
      mode: 0o600,
    });
    await rename(`${file}.new`, file);
  };
  return {
    remember,
    allows: async (name, content) => {
      if ((await read(file))[name] === hashOf(content)) return true;
      if (grant && keep) await remember(name, content);
      return grant;
    },
  };
}

function hashOf(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A file that cannot be read trusts nothing. */
async function read(file: string): Promise<{ readonly [name: string]: string }> {
  try {
    const { trusted } = parseJson(await readFile(file, "utf8")) as { trusted?: { [name: string]: string } };
    return trusted ?? {};
  } catch {
    return {};
  }
}

/** The grants of the user's projects, in a file of the user's own: no file of a project can grant anything. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseJson } from "@orch/core";
import { FileUnwrittenError } from "../errors/file-unwritten-error.ts";
import { replaceFile } from "../process/replace-file.ts";
import type { Grant } from "./grants.ts";

/** Where grants are kept. */
export interface GrantPlace {
  /** The user's own state folder. */
  readonly stateFolder: string;
  /** The project. */
  readonly folder: string;
  /** False keeps them for this start only, as with `--no-session`. */
  readonly keeps: boolean;
}

/** The grants of one project. */
export class GrantFile {
  readonly #place: GrantPlace;
  #grants: readonly Grant[] | undefined;
  /** One change after the other: each begins with what the one before left. */
  #changed: Promise<void> = Promise.resolve();

  constructor(place: GrantPlace) {
    this.#place = place;
  }

  /** What is granted in this project, oldest first. */
  readonly list = async (): Promise<readonly Grant[]> => {
    // What was just allowed here counts, although it is still being written.
    await this.#changed;
    if (!this.#place.keeps) return this.#grants ?? [];
    // Another terminal may have taken one back.
    return (await this.#read())[this.#place.folder] ?? [];
  };

  readonly add = async (grant: Grant): Promise<void> => {
    await this.#next((grants) => [...grants.filter((one) => !isSame(one, grant)), grant]);
  };

  /** Takes a grant back. */
  readonly remove = async (grant: Grant): Promise<void> => {
    await this.#next((grants) => grants.filter((one) => !isSame(one, grant)));
  };

  #next(change: (grants: readonly Grant[]) => readonly Grant[]): Promise<void> {
    const changed = this.#changed.then(() => this.#change(change));
    this.#changed = changed.catch(() => undefined);
    return changed;
  }

  async #change(change: (grants: readonly Grant[]) => readonly Grant[]): Promise<void> {
    const { keeps, folder } = this.#place;
    if (!keeps) {
      this.#grants = change(this.#grants ?? []);
      return;
    }
    const file = this.#file();
    try {
      // Another chat may write one at the same time.
      await replaceFile(file, async () => {
        const { [folder]: here = [], ...others } = await this.#read();
        const left = change(here);
        const projects = { ...others, ...(left.length > 0 && { [folder]: left }) };
        return `${JSON.stringify({ v: 1, projects }, undefined, 2)}\n`;
      });
    } catch (cause) {
      const { code = "failed" } = cause as NodeJS.ErrnoException;
      const holds = "what is allowed for good stays as it was";
      throw new FileUnwrittenError({ file, reason: code, holds }, { cause });
    }
  }

  #file(): string {
    return join(this.#place.stateFolder, "approvals.json");
  }

  /** A file that cannot be read grants nothing. */
  async #read(): Promise<{ readonly [folder: string]: readonly Grant[] }> {
    try {
      const { projects } = parseJson(await readFile(this.#file(), "utf8")) as { projects?: unknown };
      if (typeof projects !== "object" || projects === null) return {};
      return Object.fromEntries(
        Object.entries(projects).map(([folder, grants]) => [
          folder,
          Array.isArray(grants) ? grants.filter(isGrant) : [],
        ]),
      );
    } catch {
      return {};
    }
  }
}

function isSame(a: Grant, b: Grant): boolean {
  return a.orchestration === b.orchestration && a.tool === b.tool && a.arguments === b.arguments;
}

function isGrant(value: unknown): value is Grant {
  if (typeof value !== "object" || value === null) return false;
  const { orchestration, tool, arguments: of } = value as Partial<Record<keyof Grant, unknown>>;
  return (
    typeof orchestration === "string" &&
    typeof tool === "string" &&
    (of === undefined || typeof of === "string")
  );
}

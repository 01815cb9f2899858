/** The files that a repair works in. One that is killed leaves them behind, and the next one removes them. */

import { basename, dirname, join } from "node:path";
import { removeDatabase } from "../database/keep-aside.ts";
import { readdirSync } from "../database/node-fs.ts";
import type { OwnerDoor } from "../database/owner.ts";

/** Where a repair of a file reads and writes. */
export interface RepairFiles {
  /** The copy of the damaged file that is read. */
  readonly copy: string;
  /** The new file, until it takes the place of the damaged one. */
  readonly draft: string;
}

/** The names say which process works in them. */
export function repairFiles(file: string, { self, token }: OwnerDoor): RepairFiles {
  const name = `${self.pid}-${token}`;
  return { copy: `${file}.read-${name}`, draft: `${file}.repaired-${name}` };
}

/** Removes what repairs of processes left that run no more. */
export function removeRepairFiles(file: string, { self, runs }: OwnerDoor): void {
  const folder = dirname(file);
  const begins = [`${basename(file)}.read-`, `${basename(file)}.repaired-`];
  for (const name of readdirSync(folder)) {
    const begin = begins.find((one) => name.startsWith(one));
    const pid = begin === undefined ? undefined : /^(\d+)-/.exec(name.slice(begin.length))?.[1];
    if (pid === undefined || runs({ ...self, pid: Number(pid), startedAt: "" })) continue;
    removeDatabase(join(folder, name), [""]);
  }
}

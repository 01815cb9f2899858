/** Where conversations and their runs are kept, as the configuration says. */
import type { JournalStore } from "@orch/core/host";
import type { LoadedConfig } from "../config/load-config.ts";
import type { Doors } from "../process/doors.ts";
import { folderSessions } from "../sessions/folder-sessions.ts";
import { deleteUnused } from "../sessions/retention.ts";
import type { Setup } from "./compose.ts";

/** Whoever uses the program is told within a second that another process has the store. Meanwhile no key is taken. */
const LOCKED = { busyTimeout: 700 };

/** Opens the database of sessions and runs, or the host of the configuration in the place of its runs. */
export function storesIn(
  file: string,
  folder: string,
  doors: Doors,
  { sessions: { keepDays } = {}, host: workers }: LoadedConfig["config"],
): Pick<Setup, "openSessions" | "openHost" | "openRuns" | "readRecords"> {
  const openJournal = async (): Promise<JournalStore> => {
    const { sqliteStore } = await import("@orch/sqlite");
    return sqliteStore(file, LOCKED);
  };
  return {
    openRuns: async () => {
      if (workers === undefined) return openJournal();
      const { workerRuns } = await import("./worker-host.ts");
      return workerRuns(workers, doors);
    },
    openSessions: async () => {
      const { sqliteSessions } = await import("@orch/sqlite/sessions");
      const store = sqliteSessions({ file, clock: doors.clock, ...LOCKED });
      // A conversation that cannot be deleted is no reason to keep none.
      if (keepDays !== undefined) await deleteUnused(store, keepDays, doors.clock.now()).catch(() => 0);
      return folderSessions(store, folder);
    },
    readRecords: async (runId) => {
      const store = await openJournal();
      try {
        return await store.load(runId);
      } finally {
        await store.close();
      }
    },
    openHost: async () => {
      if (workers !== undefined) {
        const { workerHost } = await import("./worker-host.ts");
        return workerHost(workers, doors);
      }
      const { sqliteHost } = await import("@orch/sqlite");
      return sqliteHost(file, LOCKED);
    },
  };
}

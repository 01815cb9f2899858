/** One folder that clients work in: its program, its conversations and its runs. */
import { memorySessions, type SessionStore } from "@orch/chat-runtime";
import { memoryHost } from "@orch/core/host";
import type { Flags } from "../config/args.ts";
import type { Doors } from "../process/doors.ts";
import { GrantFile } from "../questions/grant-file.ts";
import type { KeptHost } from "../sessions/kept-host.ts";
import type { Setup } from "../setup/compose.ts";

/** A folder that is open. */
export interface AcpFolder {
  readonly setup: Setup;
  readonly doors: Doors;
  readonly store: SessionStore;
  readonly host: KeptHost;
  readonly grants: GrantFile;
  /** Says a line that no client shows, on standard error. */
  readonly tell: (says: string) => void;
  readonly close: () => Promise<void>;
}

/** Opens a folder. Its conversations are those of the chat there. */
export async function openFolder(
  setup: Setup,
  { session }: Flags,
  doors: Doors,
  tell: (says: string) => void,
): Promise<AcpFolder> {
  const store = session ? await setup.openSessions() : memorySessions();
  const host: KeptHost = session ? await setup.openHost() : memoryHost();
  const { folder, stateFolder } = setup;
  for (const notice of setup.notices) tell(notice);
  setup.onNotice((says) => tell(says));
  return {
    setup,
    doors,
    store,
    host,
    grants: new GrantFile({ stateFolder, folder, keeps: session }),
    tell,
    close: async () => {
      await setup.servers.close();
      await host.close();
      await store.close();
    },
  };
}

/** With `--watch` the code of typed runs is looked at before each request. */
import type { GuardedServer, Server } from "@orch/server";
import { errorSentence } from "../headless/error-sentence.ts";
import type { ServedFolder } from "./served-folder.ts";

/** Offers what changed before a request is answered. What cannot be loaded is told, and stays as it was. */
export function watchedServer(
  server: Server,
  folder: ServedFolder,
  tell: (says: string) => void,
): GuardedServer {
  let looking: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      const { offers, isNew, problems } = await folder.runs();
      for (const problem of problems) tell(problem);
      if (isNew) server.offer(offers);
    } catch (error) {
      tell(errorSentence(error));
    }
  };
  return {
    fetch: async (request) => {
      looking = looking.then(look);
      await looking;
      return server.fetch(request);
    },
  };
}

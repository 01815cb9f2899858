/** Runs that no process drives are taken up: those of an earlier start, and of a process beside this one that was killed. */
import type { Clock } from "@orch/core";
import type { Server } from "@orch/server";

/** How often a server looks for runs that were left, in milliseconds. */
const LOOK = 10_000;

/** Takes up what is there, now and from time to time, until the function that it gives is called. */
export function takingUp(
  server: Pick<Server, "resume">,
  { clock, failed }: { readonly clock: Clock; readonly failed: (error: unknown) => void },
): () => void {
  let isLeft = false;
  let stop = (): void => {};
  const look = async (): Promise<void> => {
    try {
      const { problems } = await server.resume();
      for (const problem of problems) failed(problem);
    } catch (error) {
      failed(error);
    }
    if (!isLeft) stop = clock.after(LOOK, () => void look());
  };
  void look();
  return () => {
    isLeft = true;
    stop();
  };
}

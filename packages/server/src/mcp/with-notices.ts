import type { PublicEvent } from "../words/public-event.ts";
import type { FormNotice, WaitingCalls } from "./waiting-calls.ts";

/** The events of a run, and between them what a person did with a form other than answering it. */
export async function* withNotices(
  events: AsyncGenerator<PublicEvent, void, undefined>,
  waiting: WaitingCalls,
  run: string,
): AsyncGenerator<{ readonly event: PublicEvent } | { readonly notice: FormNotice }, void, undefined> {
  const notices: FormNotice[] = [];
  let wake = Promise.withResolvers<undefined>();
  const stop = waiting.listen(run, (notice) => {
    notices.push(notice);
    wake.resolve(undefined);
  });
  let next = events.next();
  try {
    for (;;) {
      const came = await Promise.race([next, wake.promise]);
      wake = Promise.withResolvers<undefined>();
      for (const notice of notices.splice(0)) yield { notice };
      if (came === undefined) continue;
      if (came.done === true) return;
      next = events.next();
      yield { event: came.value };
    }
  } finally {
    stop();
    next.catch(() => {});
  }
}

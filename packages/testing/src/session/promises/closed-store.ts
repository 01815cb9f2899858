import type { SessionStore } from "@orch/chat-runtime";
import { expect, it } from "vitest";
import type { OpenedStores } from "../../store/opened-stores.ts";
import { turn } from "../sample-turn.ts";

/** A store that is closed releases what it held. */
export function closedStore(stores: OpenedStores<SessionStore>): void {
  it("lets go of everything when it is closed, twice if need be", async () => {
    const store = await stores.fresh();
    await store.open("s", 1);
    await store.finish("s", turn(1));
    await store.close();
    await store.close();
    const next = await stores.another();
    if (next) expect(await next.open("s", 2)).toMatchObject({ turnCount: 1 });
  });
}

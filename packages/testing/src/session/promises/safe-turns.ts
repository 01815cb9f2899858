import type { SessionStore } from "@orch/chat-runtime";
import { expect, it } from "vitest";
import type { OpenedStores } from "../../store/opened-stores.ts";
import { start, turn } from "../sample-turn.ts";

/** A store keeps any content of a turn, and keeps it only while the session is open. */
export function safeTurns(stores: OpenedStores<SessionStore>): void {
  it("is not changed by who wrote it or read it, afterwards", async () => {
    const store = await stores.fresh();
    await store.open("s", 1);
    const mine = structuredClone(turn(1));
    await store.finish("s", mine);
    (mine.messages as unknown[]).length = 0;
    ((await store.load("s"))?.turns as unknown[]).length = 0;
    expect((await store.load("s"))?.turns).toEqual([turn(1)]);
  });

  it("keeps any text: other scripts, control characters, quotes, a megabyte", async () => {
    const store = await stores.fresh();
    await store.open("s", 1);
    const texts = ["naïve 日本語 👩‍👩‍👧 عربى", "\u0000\u001b[31m\r\n\t", `'";--`, "x".repeat(1_000_000)];
    for (const [at, text] of texts.entries()) await store.finish("s", turn(at + 1, text));
    expect((await store.load("s"))?.turns).toEqual(texts.map((text, at) => turn(at + 1, text)));
  });

  it("is refused in a session that is not open here, and changes nothing", async () => {
    const store = await stores.fresh();
    await expect(store.begin("s", start(1))).rejects.toMatchObject({ code: "ORCH_SESSION_NOT_HELD" });
    await store.open("s", 1);
    await store.release("s");
    await expect(store.finish("s", turn(1))).rejects.toMatchObject({ code: "ORCH_SESSION_NOT_HELD" });
    expect((await store.load("s"))?.turns).toEqual([]);
  });
}

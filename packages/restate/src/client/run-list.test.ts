import { expect, it } from "vitest";
import { serviceNames } from "../words/service-names.ts";
import { sqlOf } from "./run-list.ts";

it("asks the server for a page of cards, and lets no text out of its quotes", () => {
  const query = { prefix: "it's", orchestration: "a'b", status: "waiting", limit: 2 } as const;
  const card = {
    createdAt: 5,
    runId: "r'1",
    orchestration: "a",
    version: "1",
    hash: "h",
    status: "waiting",
    updatedAt: 6,
  } as const;
  expect(sqlOf(query, card, serviceNames())).toBe(
    "select value_utf8 as card from state where service_name = 'orch-run' and key = 'card'" +
      " and starts_with(service_key, 'it''s')" +
      ` and strpos(value_utf8, '"orchestration":"a''b"') > 0` +
      ` and (strpos(value_utf8, '"status":"waiting"') > 0)` +
      ` and value_utf8 < '{"createdAt":5,"runId":"r''1"'` +
      " order by value_utf8 desc limit 2",
  );
});

/** What runs used and cost, by model. */

export { costOf } from "./model/usage.ts";
export {
  type PriceTable,
  type Spending,
  type TotalSpending,
  type UsageLedger,
  usageLedger,
} from "./observe/ledger/usage-ledger.ts";

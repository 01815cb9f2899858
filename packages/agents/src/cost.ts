/** What runs used and cost, by model. */
export {
  type PriceTable,
  type Spending,
  type TotalSpending,
  type UsageLedger,
  usageLedger,
} from "./ledger/usage-ledger.ts";
export { costOf } from "./usage.ts";

/** Model calls in batches of a provider: half the price, within a day. */

export type { BatchState } from "./providers/batch/batch-api.ts";
export type { BatchOptions } from "./providers/batch/batch-fetch.ts";
export {
  type BatchTicket,
  type TicketStore,
  ticketFolder,
  ticketMemory,
} from "./providers/batch/batch-ticket.ts";
export { type BatchedOptions, batched } from "./providers/batch/batched.ts";

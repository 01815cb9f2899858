/** The door to compaction: what a model sees of a conversation that grew long. */
export type { Prepare, PrepareContext } from "./agent/agent.ts";
export { type KeepRecentOptions, keepRecent } from "./compaction/keep-recent.ts";
export type { KeptSummaries, Summary } from "./compaction/summaries.ts";
export { type SummarizerOptions, summarizer } from "./compaction/summarizer.ts";
export { isSummary } from "./compaction/summary-message.ts";
export { estimateTokens } from "./model/estimate-tokens.ts";

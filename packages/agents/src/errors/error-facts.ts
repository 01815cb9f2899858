import type { AgentStoppedFacts } from "./agent-stopped-error.ts";
import type { AiSdkVersionFacts } from "./ai-sdk-version-error.ts";
import type { DecisionFacts } from "./decision-error.ts";
import type { EmbeddingFacts } from "./embedding-error.ts";
import type { McpAllowFacts } from "./mcp-allow-error.ts";
import type { McpServerFacts } from "./mcp-server-error.ts";
import type { McpToolFacts } from "./mcp-tool-error.ts";
import type { MissingKeyFacts } from "./missing-key-error.ts";
import type { MissingSdkFacts } from "./missing-sdk-error.ts";
import type { ModelNameFacts } from "./model-name-error.ts";
import type { PathRefusedFacts } from "./path-refused-error.ts";
import type { ProviderConfigFacts } from "./provider-config-error.ts";
import type { ProviderToolFacts } from "./provider-tool-error.ts";
import type { RecordingFacts } from "./recording-error.ts";
import type { ReplayMissFacts } from "./replay-miss-error.ts";
import type { UnknownProviderFacts } from "./unknown-provider-error.ts";
import type { UploadFacts } from "./upload-error.ts";

/** The facts of the errors of agents, by their codes. */
export interface AgentErrorFacts {
  readonly ORCH_AGENT_SETUP: { readonly agent: string; readonly problem: string };
  readonly ORCH_AGENT_STOPPED: AgentStoppedFacts;
  readonly ORCH_AI_SDK_VERSION: AiSdkVersionFacts;
  readonly ORCH_APPROVAL_SPENT: { readonly tool: string; readonly callId: string };
  readonly ORCH_DECISION: DecisionFacts;
  readonly ORCH_EMBEDDING: EmbeddingFacts;
  readonly ORCH_MCP_ALLOW: McpAllowFacts;
  readonly ORCH_MCP_SERVER: McpServerFacts;
  readonly ORCH_MCP_TOOL: McpToolFacts;
  readonly ORCH_MISSING_KEY: MissingKeyFacts;
  readonly ORCH_MISSING_MODEL: { readonly agent: string };
  readonly ORCH_MISSING_SDK: MissingSdkFacts;
  readonly ORCH_MODEL_CONTRACT: { readonly model: string };
  readonly ORCH_MODEL_NAME: ModelNameFacts;
  readonly ORCH_OUTPUT_UNSUPPORTED: { readonly agent: string; readonly model: string };
  readonly ORCH_PATH_REFUSED: PathRefusedFacts;
  readonly ORCH_PROVIDER_CONFIG: ProviderConfigFacts;
  readonly ORCH_PROVIDER_TOOL: ProviderToolFacts;
  readonly ORCH_RECORDING: RecordingFacts;
  readonly ORCH_REPLAY_MISS: ReplayMissFacts;
  readonly ORCH_SCHEMA: { readonly vendor: string; readonly problem: string };
  readonly ORCH_TOOL_NAME: { readonly tool: string };
  readonly ORCH_UNFINISHED_STEP: { readonly step: string };
  readonly ORCH_UNKNOWN_PROVIDER: UnknownProviderFacts;
  readonly ORCH_UPLOAD: UploadFacts;
}

declare module "@orch/core" {
  interface OrchErrorFacts extends AgentErrorFacts {}
}

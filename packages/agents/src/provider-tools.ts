/** Tools that providers know by themselves, beside an agent's own. */

export { ProviderToolError, type ProviderToolFacts } from "./errors/provider-tool-error.ts";
export { UploadError, type UploadFacts } from "./errors/upload-error.ts";
export { fetchFile } from "./providers/upload/fetch-file.ts";
export { type UploadedBytes, type UploadOptions, uploadFile } from "./providers/upload/upload-file.ts";
export {
  type ComputerAction,
  type ComputerHandler,
  type ComputerOptions,
  computer,
  type Screenshot,
} from "./tools/provider/computer.ts";
export {
  codeExecution,
  fileSearch,
  hostedMcp,
  imageGeneration,
  toolSearch,
  webFetch,
  webSearch,
} from "./tools/provider/hosted-tools.ts";
export {
  type MemoryCommand,
  type MemoryHandler,
  type MemoryOptions,
  memory,
} from "./tools/provider/memory.ts";
export type { HandledToolOptions } from "./tools/provider/provider-tool.ts";
export {
  type CommandResult,
  type ShellCommands,
  type ShellHandler,
  type ShellOptions,
  shell,
} from "./tools/provider/shell.ts";
export type {
  CodeExecutionOptions,
  FileSearchOptions,
  HostedMcpOptions,
  ImageGenerationOptions,
  ProviderTool,
  ScreenOptions,
  ToolSearchOptions,
  UserPlace,
  WebFetchOptions,
  WebSearchOptions,
} from "./words/provider-tool.ts";

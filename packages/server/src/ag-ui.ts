/** The door for AG-UI: chats and orchestrations of the server for `HttpAgent` and what is built on it. */
export { type AgUiOptions, agUi } from "./ag-ui/ag-ui-door.ts";
export type { AgUiInterrupt, AgUiMark } from "./ag-ui/ag-ui-event.ts";
export type { AgUiState, AgUiStatus } from "./ag-ui/shared-state.ts";
export type { RailBranches, RailMove, RailState } from "./reply/rail-state.ts";

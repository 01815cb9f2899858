/** The door of server-sent events: the events of a run or a turn, for `EventSource`. */
export { type SseOptions, sse } from "./doors/sse.ts";

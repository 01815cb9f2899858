/** The plain door: every call as JSON over HTTP. */
export { type JsonDoorOptions, json } from "./doors/json.ts";

/** Structured answers while they are being written. */

export { OutputSoFar } from "./observe/partial/output-so-far.ts";

/** The model that works without a key: it quotes the user's own files. Node only. */
export type { ExtractiveOptions } from "./providers/extractive/extractive.ts";
export { extractive } from "./providers/extractive/extractive.ts";

/** What the examples of this folder answer with: quotes of the documentation, or the model that is named behind their name. */
import { fileURLToPath } from "node:url";
import { resolveModel } from "@orch/agents";

const root = fileURLToPath(new URL("../../docs", import.meta.url));

export const model = resolveModel(process.argv[2] ?? "local/extractive", {}, { env: process.env, root });

/** The door of the OpenAI APIs: each chat and each orchestration is a model. */
export { type OpenaiDoorOptions, openai } from "./doors/openai.ts";

import type { AgentErrorFacts } from "./error-facts.ts";

/** Every code of this package, with the paragraph that `docs/errors.md` prints. */
export const errorCodes: { readonly [code in keyof AgentErrorFacts]: string } = {
  ORCH_AGENT_SETUP:
    "An agent was described in a way that cannot work: two tools of one name, a limit below its least value, an empty name. Correct the options given to `agent`.",
  ORCH_AGENT_STOPPED:
    "An agent that is a state of an orchestration stopped without an answer. `facts.stopReason` says why (`max-turns`, `length`, `refusal`, `error`, ...) and `facts.failure` holds the provider's failure, if it was one. Raise the limit it names, correct the failure, or route it with `.catch`. `retryable` and `retryAfter` tell the engine's retry whether another attempt can help.",
  ORCH_AI_SDK_VERSION:
    "A model given to `fromAiSdk` does not have the specification version v3 or v4 of the AI SDK, or is no model object. Update the provider package (major 3 has v3, major 4 has v4), and give the model itself instead of its name.",
  ORCH_APPROVAL_SPENT:
    "An approval was used a second time. An approval lets one call run once; it is no key for later calls. This is a fault in the code that runs tools: ask again for each call.",
  ORCH_DECISION:
    "The decisions given to a run do not fit the calls that wait in its messages: one is missing, one is for a call that does not wait, one comes twice or too late (the call has its result), or a call is no longer the one that was decided on. The same holds for the results of deferred calls. Give exactly one answer for each entry of `result.pending`, with that entry as its `call`: a decision, or for a `deferred` one a result. `unfit` is about `onQuestion`: it gave a tool an answer that the question's schema refuses.",
  ORCH_EMBEDDING:
    "A call for vectors (`embed`) or for an order of texts (`rerank`) failed after its last attempt, or a text was empty. `facts.failure` says why, as for a call of a model: its `kind`, `status` and `message`. Correct the key, the model or the text that it names; a failure that is `retryable` may pass by itself.",
  ORCH_MCP_ALLOW:
    "The allow-list of an MCP server names a tool that the server does not have; the message lists those it has. Correct the name, or use `*` for names that may be absent.",
  ORCH_MCP_SERVER:
    "An MCP server cannot be reached, is gone, or refuses to work. `facts.reason` says which: `not-started`, `timeout`, `refused`, `lost` (it died while it was used), `given-up` (it was connected once more and died again), `closed` (the connection was closed before), `login` (a person has to log in, or has to allow more). A call that was lost may or may not have been carried out. The next call connects once more by itself; after `given-up`, start the server and connect anew.",
  ORCH_MCP_TOOL:
    "A tool of an MCP server reported an error. The message is the server's own text, because a model reads it as the result of its call.",
  ORCH_MISSING_KEY:
    "A provider needs an API key and none was found when its model was called. Set the environment variable that the message names, or give `apiKey` or `apiKeyEnv` for the provider in the configuration.",
  ORCH_MISSING_MODEL: "An agent was run without a model. Give `model` to `agent`, or to the run.",
  ORCH_MISSING_SDK:
    "A provider's official SDK is loaded when a model of it is used for the first time, and it is not installed: the SDKs are optional peer dependencies. Install the package that the message names.",
  ORCH_MODEL_CONTRACT:
    "A `Model` ended its stream without a `finish` event. Make its stream yield exactly one, as the last event, also when it fails.",
  ORCH_MODEL_NAME:
    "A model's name is not of the form `provider/model`, or its provider has no such model. Write for example `openai/gpt-5` or `ollama/llama3.2`.",
  ORCH_OUTPUT_UNSUPPORTED:
    "An agent has an output schema and its model can give no structured output at all. Choose another model, or leave the schema out.",
  ORCH_PATH_REFUSED:
    "A path was refused by the guard for the disk. `facts.reason` says why: it leads outside the folder, does not exist, is not a text file, is too large, or names something that is left out (`.gitignore`, keys, generated code). Give the path of a text file relative to the folder.",
  ORCH_PROVIDER_CONFIG:
    "The configuration of a provider is not complete or not possible. The message names the field. A server with an OpenAI-compatible API needs at least `baseURL`.",
  ORCH_PROVIDER_TOOL:
    "An agent has a tool that a provider knows by itself (`webSearch()`, `fileSearch()` and so on), and the provider of its model has none, or does not take one of its options. It is told before anything is sent; `facts.has` names the providers that have the tool. Choose such a model, change the options, or leave the tool out.",
  ORCH_RECORDING:
    "A recording of model calls cannot be read; the message names the line. Recordings are lines of JSON that `record` writes, and they are not edited by hand. Delete the file and record it again.",
  ORCH_REPLAY_MISS:
    "A model that replays a recording was asked something that was not recorded. `facts.differences` says where the question differs from the nearest recorded one. Record again if you changed the agent on purpose; if the difference is chance, such as a date in the instructions, leave it out by `compare`.",
  ORCH_SCHEMA:
    "A schema cannot be sent to a model, because it has no JSON Schema form (a date, a map, a function), or because its library does not offer one. Use types that JSON has, and convert after parsing; zod 4.2 and later offer the form.",
  ORCH_TOOL_NAME:
    "A tool's name is one that providers refuse. Use 1 to 64 letters, digits, underscores or hyphens.",
  ORCH_UNFINISHED_STEP:
    "A step of an agent's run ended in a way that is not remembered: a model call that was cancelled or cut off, a tool that was cancelled. It is thrown through the `once` that was given to the run, which must pass it on, and never reaches the caller of the run.",
  ORCH_UNKNOWN_PROVIDER:
    "A model's name begins with a provider that is neither well known nor configured. Correct its spelling, or add it under `providers` in the configuration.",
  ORCH_UPLOAD:
    "A provider did not take a file, or did not give one that it keeps (`facts.fetched`). `facts.failure` says why. Correct the key, the address or the file, or try again later where it is `retryable`.",
};

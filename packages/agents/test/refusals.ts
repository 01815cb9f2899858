/**
 * Refusals as providers write them: bodies from their error pages, and from what their users reported. Names and ids are made up.
 */
import type { ModelFailure } from "../src/words/model.ts";

/** One refusal, and what it means. */
export interface Refusal {
  readonly from: string;
  readonly dialect: "openai" | "anthropic" | "openai-compatible";
  readonly status: number;
  readonly body: unknown;
  readonly kind: ModelFailure["kind"];
  /** Whether each other call of the model will meet it too. */
  readonly terminal?: true;
  readonly headers?: { readonly [name: string]: string };
}

type Row = readonly [status: number, kind: ModelFailure["kind"], terminal: boolean, body: unknown];

function rows(from: string, dialect: Refusal["dialect"], ...all: readonly Row[]): readonly Refusal[] {
  return all.map(([status, kind, terminal, body]) => ({
    from,
    dialect,
    status,
    body,
    kind,
    ...(terminal && { terminal: true }),
  }));
}

const openai = (message: string, type: string | null, code: string | null, param: string | null = null) => ({
  error: { message, type, param, code },
});
const claude = (type: string, message: string) => ({
  type: "error",
  error: { type, message },
  request_id: "req_1",
});

export const refusals: readonly Refusal[] = [
  ...rows(
    "openai",
    "openai",
    [
      401,
      "auth",
      true,
      openai(
        "Incorrect API key provided: sk-abcd**wxyz. You can find your API key at https://platform.openai.com/account/api-keys.",
        "invalid_request_error",
        "invalid_api_key",
      ),
    ],
    [
      429,
      "quota",
      true,
      openai(
        "You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
        "insufficient_quota",
        "insufficient_quota",
      ),
    ],
    [
      429,
      "quota",
      true,
      openai("Billing hard limit has been reached", "invalid_request_error", "billing_hard_limit_reached"),
    ],
    [
      429,
      "rate-limit",
      false,
      openai(
        "Rate limit reached for gpt-5 in organization org-1 on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 1.2s. Visit https://platform.openai.com/account/rate-limits to learn more.",
        "tokens",
        "rate_limit_exceeded",
      ),
    ],
    [
      429,
      "context-length",
      false,
      openai(
        "Request too large for gpt-5 in organization org-1 on tokens per min (TPM): Limit 30000, Requested 100312. The input or output tokens must be reduced in order to run successfully.",
        "tokens",
        "rate_limit_exceeded",
      ),
    ],
    [
      404,
      "not-found",
      true,
      openai(
        "The model `gpt-9` does not exist or you do not have access to it.",
        "invalid_request_error",
        "model_not_found",
      ),
    ],
    [
      403,
      "not-found",
      true,
      openai(
        "Project `proj_1` does not have access to model `gpt-5`",
        "invalid_request_error",
        "model_not_found",
      ),
    ],
    [
      400,
      "context-length",
      false,
      openai(
        "Your input exceeds the context window of this model. Please adjust your input and try again.",
        "invalid_request_error",
        "context_length_exceeded",
        "input",
      ),
    ],
    [
      401,
      "blocked",
      true,
      openai(
        "Your OpenAI account has been deactivated, please check your email for more information. If you feel this is an error, contact us through our help center at help.openai.com.",
        "invalid_request_error",
        "account_deactivated",
      ),
    ],
    [
      401,
      "blocked",
      true,
      openai(
        "This key is associated with a deactivated account. If you feel this is an error, contact us through our help center at help.openai.com.",
        "requests",
        null,
      ),
    ],
    [
      403,
      "blocked",
      true,
      openai(
        "Country, region, or territory not supported",
        "request_forbidden",
        "unsupported_country_region_territory",
      ),
    ],
    [
      400,
      "blocked",
      true,
      openai(
        "Your organization must be verified to generate reasoning summaries. Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization.",
        "invalid_request_error",
        "unsupported_value",
      ),
    ],
    [
      400,
      "refused",
      false,
      openai(
        "Invalid prompt: your prompt was flagged as potentially violating our usage policy. Please try again with a different prompt.",
        "invalid_request_error",
        "invalid_prompt",
      ),
    ],
    [
      400,
      "refused",
      false,
      openai(
        "Your request was rejected by the safety system.",
        "image_generation_user_error",
        "moderation_blocked",
      ),
    ],
    [
      404,
      "not-found",
      false,
      openai(
        "Item with id 'rs_1' not found. Items are not persisted when `store` is set to false.",
        "invalid_request_error",
        null,
        "input",
      ),
    ],
    [
      400,
      "bad-request",
      false,
      openai(
        "Invalid schema for function 'find': In context=(), 'required' is required to be supplied.",
        "invalid_request_error",
        "invalid_function_parameters",
      ),
    ],
    [
      500,
      "server",
      false,
      openai(
        "The server had an error while processing your request. Sorry about that!",
        "server_error",
        null,
      ),
    ],
    [
      503,
      "overloaded",
      false,
      openai("The engine is currently overloaded, please try again later.", "server_error", null),
    ],
  ),
  ...rows(
    "anthropic",
    "anthropic",
    [401, "auth", true, claude("authentication_error", "invalid x-api-key")],
    [
      403,
      "auth",
      true,
      claude("permission_error", "Your API key does not have permission to use the specified resource."),
    ],
    [
      400,
      "quota",
      true,
      claude(
        "invalid_request_error",
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
      ),
    ],
    [
      400,
      "quota",
      true,
      claude(
        "invalid_request_error",
        "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
      ),
    ],
    [402, "quota", true, claude("billing_error", "There is an issue with your payment method.")],
    [400, "blocked", true, claude("invalid_request_error", "This organization has been disabled.")],
    [404, "not-found", true, claude("not_found_error", "model: claude-sonnet-9")],
    [
      400,
      "context-length",
      false,
      claude("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
    ],
    [413, "context-length", false, claude("request_too_large", "Request exceeds the maximum size")],
    [400, "refused", false, claude("invalid_request_error", "Output blocked by content filtering policy")],
    [
      429,
      "rate-limit",
      false,
      claude(
        "rate_limit_error",
        "This request would exceed your organization's rate limit of 50,000 input tokens per minute (org: 1, model: claude-sonnet-5-5). Please reduce the prompt length or the maximum tokens requested, or try again later.",
      ),
    ],
    [
      429,
      "quota",
      true,
      claude(
        "rate_limit_error",
        "[1113][Insufficient balance or no resource package. Please recharge.][20260922]",
      ),
    ],
    [500, "server", false, claude("api_error", "Internal server error")],
    [504, "timeout", false, claude("timeout_error", "The request timed out")],
    [529, "overloaded", false, claude("overloaded_error", "Overloaded")],
  ),
  ...rows(
    "azure",
    "openai-compatible",
    [
      401,
      "auth",
      true,
      {
        statusCode: 401,
        message:
          "Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired.",
      },
    ],
    [
      401,
      "auth",
      true,
      {
        error: {
          code: "401",
          message:
            "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.",
        },
      },
    ],
    [
      404,
      "not-found",
      true,
      {
        error: {
          code: "DeploymentNotFound",
          message:
            "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.",
        },
      },
    ],
    [
      400,
      "refused",
      false,
      {
        error: {
          message:
            "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.",
          type: null,
          param: "prompt",
          code: "content_filter",
          status: 400,
          innererror: { code: "ResponsibleAIPolicyViolation" },
        },
      },
    ],
    [
      429,
      "rate-limit",
      false,
      {
        error: {
          code: "429",
          message:
            "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 30 seconds.",
        },
      },
    ],
  ),
  ...rows(
    "openrouter",
    "openai-compatible",
    [401, "auth", true, { error: { message: "No auth credentials found", code: 401 } }],
    [
      402,
      "quota",
      true,
      {
        error: {
          message: "Insufficient credits. Add more using https://openrouter.ai/settings/credits",
          code: 402,
        },
      },
    ],
    [
      402,
      "quota",
      true,
      {
        error: {
          message:
            "This request requires more credits, or fewer max_tokens. You requested up to 8192 tokens, but can only afford 2000.",
          code: 402,
        },
      },
    ],
    [
      403,
      "refused",
      false,
      {
        error: {
          message:
            'openai/gpt-5 requires moderation on OpenAI. Your input was flagged for "violence". No credits were charged.',
          code: 403,
          metadata: { reasons: ["violence"], flagged_input: "how to ...", provider_name: "OpenAI" },
        },
      },
    ],
    [404, "not-found", true, { error: { message: "No endpoints found for foo/bar.", code: 404 } }],
    [400, "not-found", true, { error: { message: "foo/bar is not a valid model ID", code: 400 } }],
    [
      429,
      "quota",
      true,
      {
        error: {
          message: "Provider returned error",
          code: 429,
          metadata: {
            raw: '{"error":{"message":"Your account org-1 <ak-1> is suspended due to insufficient balance, please recharge your account or check your plan and billing details","type":"exceeded_current_quota_error"}}',
            provider_name: "Moonshot AI",
          },
        },
      },
    ],
    [
      429,
      "rate-limit",
      false,
      {
        error: {
          message: "Provider returned error",
          code: 429,
          metadata: {
            raw: "deepseek/deepseek-r1:free is temporarily rate-limited upstream. Please retry shortly.",
            provider_name: "Chutes",
          },
        },
      },
    ],
    [
      502,
      "server",
      false,
      {
        error: {
          message: "Provider returned error",
          code: 502,
          metadata: { raw: "error code: 502", provider_name: "Novita" },
        },
      },
    ],
    [
      503,
      "overloaded",
      false,
      { error: { message: "No instances available at the moment. Try again later.", code: 503 } },
    ],
  ),
  ...rows(
    "deepseek",
    "openai-compatible",
    [
      401,
      "auth",
      true,
      openai("Authentication Fails (no such user)", "authentication_error", "invalid_request_error"),
    ],
    [402, "quota", true, openai("Insufficient Balance", "unknown_error", "invalid_request_error")],
    [400, "not-found", true, openai("Model Not Exist", "invalid_request_error", "invalid_request_error")],
    [400, "refused", false, openai("Content Exists Risk", "invalid_request_error", "invalid_request_error")],
    [
      400,
      "context-length",
      false,
      openai(
        "This model's maximum context length is 131072 tokens. However, you requested 140000 tokens (136000 in the messages, 4000 in the completion). Please reduce the length of the messages or completion.",
        "invalid_request_error",
        "invalid_request_error",
      ),
    ],
    [
      503,
      "overloaded",
      false,
      openai(
        "Service is too busy. We advise users to temporarily switch to alternative LLM API service providers.",
        "service_unavailable_error",
        null,
      ),
    ],
  ),
  ...rows(
    "groq",
    "openai-compatible",
    [
      401,
      "auth",
      true,
      { error: { message: "Invalid API Key", type: "invalid_request_error", code: "invalid_api_key" } },
    ],
    [
      400,
      "blocked",
      true,
      {
        error: {
          message:
            "Organization has been restricted. Please reach out to support if you believe this was in error.",
          type: "invalid_request_error",
          code: "organization_restricted",
        },
      },
    ],
    [
      404,
      "not-found",
      true,
      {
        error: {
          message: "The model `foo` does not exist or you do not have access to it.",
          type: "invalid_request_error",
          code: "model_not_found",
        },
      },
    ],
    [
      400,
      "not-found",
      true,
      {
        error: {
          message:
            "The model `mixtral-8x7b-32768` has been decommissioned and is no longer supported. Please refer to https://console.groq.com/docs/deprecations for a recommendation on which model to use instead.",
          type: "invalid_request_error",
          code: "model_decommissioned",
        },
      },
    ],
    [
      413,
      "context-length",
      false,
      {
        error: {
          message:
            "Request too large for model `llama-3.3-70b-versatile` in organization `org_1` service tier `on_demand` on tokens per minute (TPM): Limit 12000, Requested 14137, please reduce your message size and try again. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing",
          type: "tokens",
          code: "rate_limit_exceeded",
        },
      },
    ],
    [
      429,
      "rate-limit",
      false,
      {
        error: {
          message:
            "Rate limit reached for model `llama-3.3-70b-versatile` in organization `org_1` service tier `on_demand` on tokens per day (TPD): Limit 100000, Used 97050, Requested 3619. Please try again in 9m38.016s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing",
          type: "tokens",
          code: "rate_limit_exceeded",
        },
      },
    ],
    [
      498,
      "overloaded",
      false,
      {
        error: {
          message: "Flex tier capacity exceeded for model `foo`.",
          type: "flex",
          code: "capacity_exceeded",
        },
      },
    ],
  ),
  ...rows(
    "mistral",
    "openai-compatible",
    [401, "auth", true, { detail: "Unauthorized" }],
    [401, "auth", true, { message: "Unauthorized", request_id: "1" }],
    [
      400,
      "not-found",
      true,
      {
        object: "error",
        message: "Invalid model: foo",
        type: "invalid_model",
        param: null,
        code: "1500",
        raw_status_code: 400,
      },
    ],
    [
      429,
      "rate-limit",
      false,
      {
        object: "error",
        message: "Rate limit exceeded",
        type: "rate_limited",
        param: null,
        code: "1300",
        raw_status_code: 429,
      },
    ],
    [
      429,
      "overloaded",
      false,
      {
        object: "error",
        message: "Service tier capacity exceeded for this model.",
        type: "service_tier_capacity_exceeded",
        param: null,
        code: "3505",
      },
    ],
    [
      422,
      "bad-request",
      false,
      {
        detail: [
          {
            type: "extra_forbidden",
            loc: ["body", "store"],
            msg: "Extra inputs are not permitted",
            input: false,
          },
        ],
      },
    ],
  ),
  ...rows(
    "together",
    "openai-compatible",
    [
      401,
      "auth",
      true,
      {
        error: {
          message:
            "Invalid API key provided. You can find your API key at https://api.together.xyz/settings/api-keys.",
          type: "invalid_request_error",
          param: null,
          code: "invalid_api_key",
        },
      },
    ],
    [
      404,
      "not-found",
      true,
      {
        error: {
          message:
            "Unable to access model foo. Please visit https://api.together.ai/models to view the list of supported models.",
          type: "invalid_request_error",
          param: null,
          code: "model_not_available",
        },
      },
    ],
    [
      422,
      "context-length",
      false,
      {
        error: {
          message:
            "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193. Given: 9000 `inputs` tokens and 512 `max_new_tokens`",
          type: "invalid_request_error",
          param: null,
          code: null,
        },
      },
    ],
  ),
  ...rows(
    "fireworks",
    "openai-compatible",
    [
      404,
      "not-found",
      true,
      {
        error: {
          object: "error",
          type: "invalid_request_error",
          code: "NOT_FOUND",
          message: "Model not found, inaccessible, and/or not deployed",
        },
      },
    ],
    [
      412,
      "quota",
      true,
      {
        error: {
          message:
            "Account orch is suspended, possibly due to reaching the monthly spending limit or failure to pay past invoices. Please go to https://fireworks.ai/account/billing for more information.",
          param: null,
          code: "PRECONDITION_FAILED",
          type: "error",
        },
        request_id: "1",
      },
    ],
    [403, "auth", true, { fault: { faultstring: "Forbidden" }, error: "unauthorized" }],
  ),
  ...rows(
    "xai",
    "openai-compatible",
    [
      400,
      "auth",
      true,
      {
        code: "Client specified an invalid argument",
        error: "Incorrect API key provided: xa***me. You can obtain an API key from https://console.x.ai.",
      },
    ],
    [
      403,
      "quota",
      true,
      {
        code: "The caller does not have permission to execute the specified operation",
        error:
          "Your newly created team doesn't have any credits or licenses yet. You can purchase those on https://console.x.ai/team/1.",
      },
    ],
    [
      429,
      "quota",
      true,
      {
        code: "Some resource has been exhausted",
        error:
          "Your team 16f2151a has either used all available credits or reached its monthly spending limit. To continue making API requests, please purchase more credits or raise your spending limit.",
      },
    ],
    [
      404,
      "not-found",
      true,
      {
        code: "Some requested entity was not found",
        error:
          "The model grok-9 does not exist or your team 1 does not have access to it. Please ensure you're using the correct API key.",
      },
    ],
    [
      403,
      "refused",
      false,
      {
        code: "The caller does not have permission to execute the specified operation",
        error:
          "Content violates usage guidelines. Team: 1, API key ID: 2, Model: grok-4, Failed check: SAFETY_CHECK_TYPE_DATA_LEAKAGE",
      },
    ],
    [
      400,
      "context-length",
      false,
      {
        code: "Client specified an invalid argument",
        error: "This model's maximum prompt length is 131072 but the request contains 150000 tokens.",
      },
    ],
  ),
  ...rows(
    "gemini",
    "openai-compatible",
    [
      400,
      "auth",
      true,
      [
        {
          error: {
            code: 400,
            message: "API key not valid. Please pass a valid API key.",
            status: "INVALID_ARGUMENT",
            details: [
              {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                reason: "API_KEY_INVALID",
                domain: "googleapis.com",
              },
            ],
          },
        },
      ],
    ],
    [
      400,
      "blocked",
      true,
      [
        {
          error: {
            code: 400,
            message: "User location is not supported for the API use.",
            status: "FAILED_PRECONDITION",
          },
        },
      ],
    ],
    [
      403,
      "blocked",
      true,
      [
        {
          error: {
            code: 403,
            message: "Your project has been denied access. Please contact support.",
            status: "PERMISSION_DENIED",
          },
        },
      ],
    ],
    [
      404,
      "not-found",
      true,
      [
        {
          error: {
            code: 404,
            message:
              "models/gemini-9 is not found for API version v1main, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.",
            status: "NOT_FOUND",
          },
        },
      ],
    ],
    [
      429,
      "rate-limit",
      false,
      [
        {
          error: {
            code: 429,
            message:
              "You exceeded your current quota, please check your plan and billing details. * Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 20, model: gemini-3-flash\nPlease retry in 17.3s.",
            status: "RESOURCE_EXHAUSTED",
          },
        },
      ],
    ],
    [
      429,
      "quota",
      true,
      [
        {
          error: {
            code: 429,
            message:
              "You exceeded your current quota, please check your plan and billing details. * Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 0, model: gemini-3-pro\nPlease retry in 3.9s.",
            status: "RESOURCE_EXHAUSTED",
          },
        },
      ],
    ],
    [
      400,
      "context-length",
      false,
      [
        {
          error: {
            code: 400,
            message:
              "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
            status: "INVALID_ARGUMENT",
          },
        },
      ],
    ],
    [
      503,
      "overloaded",
      false,
      [
        {
          error: {
            code: 503,
            message: "The model is overloaded. Please try again later.",
            status: "UNAVAILABLE",
          },
        },
      ],
    ],
  ),
  ...rows(
    "kimi",
    "openai-compatible",
    [
      401,
      "auth",
      true,
      { error: { message: "Invalid Authentication", type: "invalid_authentication_error" } },
    ],
    [
      403,
      "quota",
      true,
      {
        error: {
          message:
            "Your account ak-1 is not active, organization org-1 exceeded current quota, please check your plan and billing details",
          type: "exceeded_current_quota_error",
        },
      },
    ],
    [
      403,
      "blocked",
      true,
      {
        error: {
          message:
            "Access terminated. Review our Community Guidelines or contact support@moonshot.cn for assistance.",
          type: "access_terminated_error",
        },
      },
    ],
    [
      404,
      "not-found",
      true,
      {
        error: {
          message: "Not found the model kimi-k9 or Permission denied",
          type: "resource_not_found_error",
        },
      },
    ],
    [
      429,
      "overloaded",
      false,
      {
        error: {
          message: "The engine is currently overloaded, please try again later",
          type: "engine_overloaded_error",
        },
      },
    ],
    [
      429,
      "rate-limit",
      false,
      {
        error: {
          message: "We're receiving too many requests at the moment. Please wait a moment and try again.",
          type: "rate_limit_reached_error",
        },
      },
    ],
    [
      400,
      "refused",
      false,
      {
        error: {
          message: "The request was rejected because it was considered high risk",
          type: "content_filter",
        },
      },
    ],
  ),
  ...rows(
    "glm",
    "openai-compatible",
    [401, "auth", true, { error: { code: "1000", message: "身份验证失败。" } }],
    [
      429,
      "quota",
      true,
      { error: { code: "1113", message: "Insufficient balance or no resource package. Please recharge." } },
    ],
    [429, "quota", true, { error: { code: "1113", message: "余额不足或无可用资源包,请充值。" } }],
    [
      400,
      "not-found",
      true,
      { error: { code: "1211", message: "Unknown Model, please check the model code." } },
    ],
    [
      400,
      "refused",
      false,
      {
        error: {
          code: "1301",
          message:
            "System detected potentially unsafe or sensitive content in input or generation. Please avoid using prompts that may generate sensitive content.",
        },
      },
    ],
    [
      429,
      "overloaded",
      false,
      {
        error: { code: "1305", message: "The service may be temporarily overloaded, please try again later" },
      },
    ],
  ),
  ...rows("ollama", "openai-compatible", [
    404,
    "not-found",
    true,
    {
      error: {
        message: 'model "foo" not found, try pulling it first',
        type: "api_error",
        param: null,
        code: null,
      },
    },
  ]),
  ...rows(
    "vllm",
    "openai-compatible",
    [401, "auth", true, { error: "Unauthorized" }],
    [
      404,
      "not-found",
      true,
      {
        object: "error",
        message: "The model `foo` does not exist.",
        type: "NotFoundError",
        param: null,
        code: 404,
      },
    ],
    [
      400,
      "context-length",
      false,
      {
        object: "error",
        message:
          "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens in the messages, Please reduce the length of the messages.",
        type: "BadRequestError",
        param: null,
        code: 400,
      },
    ],
  ),
  ...rows(
    "llama.cpp",
    "openai-compatible",
    [401, "auth", true, { error: { code: 401, message: "Invalid API Key", type: "authentication_error" } }],
    [
      400,
      "context-length",
      false,
      {
        error: {
          code: 400,
          message:
            "the request exceeds the available context size. try increasing the context size or enable context shift",
          type: "exceed_context_size_error",
          n_prompt_tokens: 9000,
          n_ctx: 4096,
        },
      },
    ],
    [503, "overloaded", false, { error: { code: 503, message: "Loading model", type: "unavailable_error" } }],
  ),
  ...rows(
    "lmstudio",
    "openai-compatible",
    [
      404,
      "not-found",
      true,
      {
        error: {
          message: 'Model "foo" not found. Please specify a valid model.',
          type: "invalid_request_error",
          param: "model",
          code: "model_not_found",
        },
      },
    ],
    [
      400,
      "context-length",
      false,
      {
        error:
          "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough.",
      },
    ],
  ),
  ...rows(
    "litellm",
    "openai-compatible",
    [
      401,
      "auth",
      true,
      {
        error: {
          message:
            "Authentication Error, Invalid proxy server token passed. Received API Key = sk-...abcd, Key Hash (Token) =1f. Unable to find token in cache or `LiteLLM_VerificationTokenTable`",
          type: "auth_error",
          param: "None",
          code: "401",
        },
      },
    ],
    [
      400,
      "quota",
      true,
      {
        error: {
          message: "Budget has been exceeded! Current cost: 1.2, Max budget: 1.0",
          type: "budget_exceeded",
          param: null,
          code: "400",
        },
      },
    ],
    [
      400,
      "not-found",
      true,
      {
        error: {
          message:
            "/chat/completions: Invalid model name passed in model=foo. Call `/v1/models` to view available models for your key.",
          type: "None",
          param: "None",
          code: "400",
        },
      },
    ],
    [
      400,
      "refused",
      false,
      {
        error: {
          message:
            "litellm.BadRequestError: litellm.ContentPolicyViolationError: AzureException - The response was filtered",
          type: null,
          param: null,
          code: "400",
        },
      },
    ],
    [
      400,
      "context-length",
      false,
      {
        error: {
          message: "litellm.ContextWindowExceededError: litellm.BadRequestError: OpenAIException - too much",
          type: null,
          param: null,
          code: "400",
        },
      },
    ],
  ),
];

/** Checks what stands in a configuration. */
import { z } from "zod";
import type { Config } from "./config.ts";

const orchestration = z.strictObject({
  file: z.string().min(1).optional(),
  model: z.string().min(1).optional(),
  states: z.record(z.string(), z.strictObject({ model: z.string().min(1).optional() })).optional(),
  description: z.string().optional(),
});

const dollars = z.number().min(0);
// A configuration in TypeScript may switch a limit off by `Infinity`, which `z.number()` refuses.
const silence = z
  .custom<number>((value) => typeof value === "number" && value > 0, "it must be milliseconds, more than 0")
  .optional();

const model = z.strictObject({
  contextWindow: z.int().min(1).optional(),
  maxOutputTokens: z.int().min(1).optional(),
  price: z
    .strictObject({
      input: dollars,
      output: dollars,
      cacheRead: dollars.optional(),
      cacheWrite: dollars.optional(),
      cacheWriteLong: dollars.optional(),
    })
    .optional(),
  caps: z.looseObject({}).optional(),
  timeouts: z.strictObject({ firstEvent: silence, idle: silence, total: silence }).optional(),
  attempts: z.int().min(1).optional(),
});

const mcp = z
  .strictObject({
    command: z.string().min(1).optional(),
    args: z.array(z.string()).optional(),
    env: z.record(z.string(), z.string()).optional(),
    cwd: z.string().min(1).optional(),
    url: z.url().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    allow: z.array(z.string()).optional(),
    approve: z.boolean().optional(),
  })
  .refine(
    ({ command, url }) => (command === undefined) !== (url === undefined),
    "it needs either a command or a url",
  );
const serverName = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, "a server's name has letters, digits, _ and -");

const webAddress = z.url({ protocol: /^https?$/ });

/** The settings, checked. */
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  model: z.string().min(1).optional(),
  orchestration: z.string().min(1).optional(),
  providers: z.record(z.string(), z.looseObject({})).optional(),
  models: z.record(z.string(), model).optional(),
  orchestrations: z.record(z.string(), orchestration).optional(),
  inbox: z.enum(["queue", "interrupt", "reject"]).optional(),
  limits: z
    .strictObject({ maxTurns: z.int().min(1).optional(), concurrency: z.int().min(1).optional() })
    .optional(),
  ui: z
    .strictObject({
      theme: z.enum(["auto", "dark", "light", "high-contrast", "mono"]).optional(),
      vim: z.boolean().optional(),
      screenReader: z.boolean().optional(),
      glyphs: z.enum(["auto", "unicode", "ascii"]).optional(),
      notify: z
        .strictObject({
          after: z.number().min(0).optional(),
          via: z.enum(["bell", "osc9", "off"]).optional(),
        })
        .optional(),
    })
    .optional(),
  mcp: z.record(serverName, mcp).optional(),
  updates: z.enum(["daily", "off"]).optional(),
  log: z.strictObject({ level: z.enum(["off", "error", "warn", "info", "debug"]).optional() }).optional(),
  host: z
    .strictObject({
      kind: z.literal("restate"),
      ingress: webAddress,
      admin: webAddress,
      prefix: serverName.optional(),
      identityKeys: z.array(z.string().min(1)).optional(),
    })
    .optional(),
  serve: z
    .strictObject({
      orchestrations: z.record(serverName, z.string().min(1)).optional(),
      hosts: z.array(z.string().min(1)).optional(),
      origins: z.array(z.string().min(1)).optional(),
      perMinute: z.int().min(1).optional(),
    })
    .optional(),
  sessions: z
    .strictObject({ file: z.string().min(1).optional(), keepDays: z.number().positive().optional() })
    .optional(),
  context: z
    .strictObject({
      strategy: z.enum(["trim", "summarize", "off"]).optional(),
      share: z.number().positive().max(1).optional(),
    })
    .optional(),
}) satisfies z.ZodType<Config>;

/** The defaults. The model and the orchestration have none: the available API keys decide them. */
export const defaults: Config = {
  inbox: "queue",
  limits: { maxTurns: 10, concurrency: 4 },
  ui: { theme: "auto", glyphs: "auto", vim: false, screenReader: false },
  updates: "daily",
  log: { level: "info" },
  context: { strategy: "trim", share: 0.7 },
};

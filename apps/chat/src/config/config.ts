/** What may stand in `orch.config.json` and `orch.config.ts`. */
import { z } from "zod";

const orchestration = z.strictObject({
  /** A file whose default export makes it; relative to the configuration. Absent for a bundled one. */
  file: z.string().min(1).optional(),
  /** As `provider/model`, for this orchestration only. */
  model: z.string().min(1).optional(),
});

/** The settings, checked. */
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  /** As `provider/model`. */
  model: z.string().min(1).optional(),
  /** Which orchestration answers. */
  orchestration: z.string().min(1).optional(),
  /** Providers by name, as `resolveModel` takes them. */
  providers: z.record(z.string(), z.looseObject({})).optional(),
  /** Orchestrations of your own, and models for bundled ones. */
  orchestrations: z.record(z.string(), orchestration).optional(),
  limits: z
    .strictObject({
      /** Model calls that an agent may make for one message. */
      maxTurns: z.int().min(1).optional(),
      /** Branches of a fan-out that run at once. */
      concurrency: z.int().min(1).optional(),
    })
    .optional(),
  ui: z
    .strictObject({
      background: z.enum(["auto", "dark", "light"]).optional(),
      glyphs: z.enum(["auto", "unicode", "ascii"]).optional(),
    })
    .optional(),
  sessions: z
    .strictObject({
      /** The database of conversations; relative to the configuration. */
      file: z.string().min(1).optional(),
    })
    .optional(),
});

/** The settings of the chat. Every one has a default. */
export type Config = z.infer<typeof configSchema>;

/** What holds where nothing is configured; the model and the orchestration are chosen by what keys there are. */
export const defaults: Config = {
  limits: { maxTurns: 10, concurrency: 4 },
  ui: { background: "auto", glyphs: "auto" },
};

/**
 * Gives its argument back, typed: for `orch.config.ts`.
 *
 * @example
 * ```ts
 * import { defineConfig } from "@orch/chat/config";
 * export default defineConfig({ model: "anthropic/claude-sonnet-4-5" });
 * ```
 */
export function defineConfig(config: Config): Config {
  return config;
}

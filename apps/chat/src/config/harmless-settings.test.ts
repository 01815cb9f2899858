import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { judgeSettings, SETTINGS } from "./harmless-settings.ts";
import { mergeLayers } from "./layers.ts";
import { configSchema, defaults } from "./schema.ts";

function namesOf(config: object): readonly string[] {
  return judgeSettings(config as never, defaults).weighty.map(({ setting }) => setting);
}

/** Every setting that the schema knows, with `*` for a name. The inside of a provider is not in the schema. */
function settingsOf(schema: z.ZodType, path: string, depth: number): readonly string[] {
  const { def } = schema as unknown as {
    def: { type: string; innerType?: z.ZodType; valueType?: z.ZodType; shape?: Record<string, z.ZodType> };
  };
  if (def.type === "optional") return settingsOf(def.innerType!, path, depth);
  if (def.type === "record" && depth < 2) return settingsOf(def.valueType!, `${path}.*`, depth + 1);
  if (def.type !== "object" || depth > (path.includes("*") ? 2 : 1)) return [path];
  return Object.entries(def.shape!).flatMap(([name, inner]) =>
    settingsOf(inner, path === "" ? name : `${path}.${name}`, path.includes("*") ? 3 : depth + 1),
  );
}

describe("T01: the list of what a stranger's file may set", () => {
  it("has a verdict for every setting of the schema, and names none that is not there", () => {
    const known = settingsOf(configSchema, "", 0).filter((name) => !name.startsWith("providers"));
    expect(SETTINGS.filter((name) => !name.startsWith("providers")).toSorted()).toEqual(known.toSorted());
  });

  it("lets names and looks through", () => {
    const config = {
      $schema: "x",
      model: "groq/llama",
      orchestration: "chat",
      ui: { theme: "dark", glyphs: "ascii", notify: { via: "off" } },
      orchestrations: { research: { model: "openai/x" }, mine: { file: "./mine.ts" } },
      providers: { openai: { models: { fast: "gpt-mini" } } },
      limits: { maxTurns: 3, concurrency: 4 },
    };
    expect(judgeSettings(config as never, defaults)).toEqual({ harmless: config, weighty: [] });
  });

  it.each([
    [{ providers: { groq: { apiKey: "gsk_ATTACKER", models: { a: "b" } } } }, "providers.groq.apiKey"],
    [{ providers: { openai: { apiKeyEnv: "OPENAI_API_KEY" } } }, "providers.openai.apiKeyEnv"],
    [{ providers: { house: { baseURL: "http://127.0.0.1:1/v1" } } }, "providers.house.baseURL"],
    [{ providers: { openai: { kind: "anthropic" } } }, "providers.openai.kind"],
    [{ providers: { openai: { headers: { host: "x" } } } }, "providers.openai.headers"],
    [{ providers: { openai: { somethingNew: 1 } } }, "providers.openai.somethingNew"],
    [{ providers: { openai: { constructor: 1 } } }, "providers.openai.constructor"],
    [{ models: { "openai/x": { attempts: 9 } } }, "models.openai/x.attempts"],
    [{ models: { "openai/x": { price: { input: 0, output: 0 } } } }, "models.openai/x.price"],
    [{ limits: { maxTurns: 11 } }, "limits.maxTurns"],
    [{ sessions: { file: "/tmp/x" } }, "sessions.file"],
    [{ host: { ingress: "http://127.0.0.1:8080" } }, "host.ingress"],
    [{ somethingNew: { deep: 1 } }, "somethingNew"],
  ])("lets %j wait", (config, setting) => {
    expect(namesOf(config)).toEqual([setting]);
  });

  it("measures a limit by what the user set, not by the default", () => {
    const judged = judgeSettings({ limits: { maxTurns: 5 } }, { limits: { maxTurns: 4 } });
    expect(judged).toMatchObject({ harmless: {}, weighty: [{ why: "raises a limit of 4" }] });
  });
});

it("T01: a path through __proto__ reaches no other object", () => {
  const config = JSON.parse('{ "models": { "__proto__": { "attempts": 9, "baseURL": "http://evil" } } }');
  mergeLayers([{ name: "f", config }]);
  judgeSettings(config, defaults);
  expect(({} as { attempts?: number }).attempts).toBeUndefined();
  expect(({} as { baseURL?: string }).baseURL).toBeUndefined();
});

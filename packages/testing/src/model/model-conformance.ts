/** What every adapter of a provider does, as tests. */
import type { Model } from "@orch/agents";
import { afterEach, describe, it } from "vitest";
import { answerCases } from "./cases/answers.ts";
import { endingCases } from "./cases/endings.ts";
import { failureCases } from "./cases/failures.ts";
import { historyCases } from "./cases/histories.ts";
import type { ModelCase } from "./cases/model-case.ts";
import type { ModelScene } from "./cases/model-scene.ts";
import { toolCases } from "./cases/tools.ts";

/** A model whose provider plays a scene. */
export interface ModelUnderTest {
  readonly model: Model;
  /** The bodies of the requests that the provider got, as text, oldest first. Absent where there are none. */
  readonly sent?: () => readonly string[];
  /** Called after the test. */
  readonly cleanUp?: () => void | Promise<void>;
}

/** Options of {@link modelConformance}. */
export interface ModelConformanceOptions {
  /** The key that the models are made with: no failure may repeat it. */
  readonly secret?: string;
  /** Says what is wrong with the body of a request; called for each body of each test. Default: nothing is. */
  readonly check?: (body: string) => readonly string[];
}

/** How a suite went, filled while it runs. */
export interface ModelConformanceTally {
  /** The cases of the suite. */
  readonly cases: number;
  /** Cases that passed so far. */
  readonly passed: () => number;
  /** Titles of the cases that `make` gave no model for. */
  readonly skipped: () => readonly string[];
}

const GROUPS: readonly (readonly [string, readonly ModelCase[]])[] = [
  ["an answer", answerCases],
  ["tools", toolCases],
  ["an ending", endingCases],
  ["a failure", failureCases],
  ["a history", historyCases],
];

/**
 * Describes the tests that a {@link Model} passes, in vitest. `make` gives a model whose provider plays the scene, or
 * `undefined` where the provider cannot; such a case is skipped, and named in the tally.
 *
 * @example
 * ```ts
 * describe("my adapter", () => modelConformance(async (scene) => {
 *   const server = await serverThatPlays(scene);
 *   return { model: myAdapter({ baseURL: server.url }), sent: () => server.bodies, cleanUp: () => server.close() };
 * }));
 * ```
 */
export function modelConformance(
  make: (scene: ModelScene) => ModelUnderTest | undefined | Promise<ModelUnderTest | undefined>,
  options: ModelConformanceOptions = {},
): ModelConformanceTally {
  const { secret = "sk-conformance-0123456789", check = () => [] } = options;
  const skipped: string[] = [];
  let passed = 0;
  let under: ModelUnderTest | undefined;
  afterEach(async () => {
    await under?.cleanUp?.();
    under = undefined;
  });
  for (const [noun, cases] of GROUPS) {
    describe(noun, () => {
      for (const { title, scene, run } of cases) {
        it(title, async ({ expect, skip }) => {
          const played = typeof scene === "function" ? scene(secret) : scene;
          const made = await make(played);
          if (made === undefined) {
            skipped.push(`${noun} ${title}`);
            return skip();
          }
          under = made;
          const sent = (): readonly string[] => made.sent?.() ?? [];
          await run({ model: made.model, sent, tells: made.sent !== undefined, secret });
          expect(sent().flatMap(check), "problems of the requests").toEqual([]);
          passed += 1;
        });
      }
    });
  }
  const cases = GROUPS.reduce((sum, [, group]) => sum + group.length, 0);
  return { cases, passed: () => passed, skipped: () => skipped };
}

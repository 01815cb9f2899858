import {
  all,
  type EventError,
  each,
  orchestration,
  type RunContext,
  type Runnable,
  race,
  runnable,
  type Settled,
  sleep,
} from "@orch/core";
import { adds, flow, type HostFlow } from "./host-flow.ts";

/** What is read of a failure: all of it is data that every life of a run sees. */
interface Told {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly cause?: Told;
  readonly errors?: readonly Told[];
  readonly message?: string;
}

class Busy extends Error {
  readonly status = 429;
  readonly headers = { "x-limit": "7" };
}

const busy = (id: string, ran: (path: string) => void): Runnable<string, string> =>
  runnable(id, async (_: string, ctx: RunContext): Promise<string> => {
    ran(ctx.path);
    const cause = new AggregateError([new TypeError("fetch failed"), new Busy("slow down")], "both");
    throw Object.assign(new Busy("busy", { cause }), { code: "busy" });
  });

const shown = ({ status, headers, cause }: Told): string =>
  `${status} ${headers?.["x-limit"]} ${cause?.errors?.map((one) => one.message).join("+")}`;

/** Flows whose way depends on what is known of a failure. */
export const failureFlows: readonly HostFlow[] = [
  flow(
    "an edge that a status chooses, after work beside it",
    "x",
    { output: "429 7 fetch failed+slow down" },
    (ran) => {
      const both = all("both", { busy: busy("busy", ran), nap: sleep<string>("nap", 20) });
      const later = runnable("later", (told: string) => told);
      const dead = runnable("dead", (_: unknown) => "given up");
      return orchestration("status", (o) =>
        o
          .start(both)
          .catch(both, later, {
            when: (error) => (error.cause as Told).status === 429,
            convert: (error) => shown(error.cause as Told),
          })
          .catch(both, dead)
          .advance(both, dead)
          .finish(later, dead),
      );
    },
    // The wait may be over before the failure is there.
    { isRace: true },
  ),
  flow(
    "an edge that a settled failure chooses",
    ["x", "y"],
    { output: "429 7 fetch failed+slow down" },
    (ran) => {
      const calls = each("calls", busy("busy", ran), { settled: true });
      const dead = runnable("dead", (_: unknown) => "given up");
      const later = runnable("later", (error: EventError) => shown(error.cause as Told));
      const first = ([one]: readonly Settled<string>[]): EventError =>
        one?.status === "failed" ? one.error : { name: "none", message: "none" };
      return orchestration("settled", (o) =>
        o
          .start(calls)
          .advance(calls, later, { when: (all) => first(all).cause?.status === 429, convert: first })
          .advance(calls, dead)
          .finish(later, dead),
      );
    },
  ),
  flow("an edge that a lost race chooses", "x", { output: "2 failed: 429, 429" }, (ran) => {
    const fastest = race("fastest", { one: busy("one", ran), two: busy("two", ran) });
    const tell = runnable("tell", (told: string) => told);
    return orchestration("lost", (o) =>
      o
        .start(fastest)
        .catch(fastest, tell, {
          convert: (error) => {
            const { failures } = error.facts as { readonly failures: readonly EventError[] };
            return `${failures.length} failed: ${failures.map(({ cause }) => cause?.status).join(", ")}`;
          },
        })
        .finish(tell, fastest),
    );
  }),
  flow(
    "an edge that throws, and is caught where it stands",
    "x",
    { output: "ORCH_CONVERSION: no way" },
    (ran) => {
      const [a, b] = [adds("a", ran), adds("b", ran)];
      const rescue = runnable("rescue", async (told: string, ctx) => {
        ran(ctx.path);
        return told;
      });
      return orchestration("edge", (o) =>
        o
          .start(a)
          .advance(a, b, {
            convert: () => {
              throw new Busy("no way");
            },
          })
          .catch(a, rescue, {
            when: (error) => (error.cause as Told).status === 429,
            convert: (error) => `${error.code}: ${(error.cause as Told).message}`,
          })
          .finish(b, rescue),
      );
    },
  ),
];

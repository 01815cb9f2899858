/** What the compiler must say about a definition that names no last state, or does not return. */
import { Orchestration, orchestration, runnable } from "@orch/core";

const a = runnable("a", (x: string) => x);
const never = runnable("never", (x: string): never => {
  throw new RangeError(x);
});

// E27
// error: there is no finish: call .finish(runnable) with the last states
orchestration("open", (o) => o.start(a));
// error: there is no finish: call .finish(runnable) with the last states
orchestration("openEdges", (o) => o.start(a).advance(a, a, { when: () => false }));
// error: Type 'void' is not assignable to type
orchestration("noReturn", (o) => { o.start(a).finish(a); });
export class Open extends Orchestration<string, string> {
  constructor() {
    // error: there is no finish: call .finish(runnable) with the last states
    super("class", (o) => o.start(a));
  }
}
// A state that never gives anything may be the last, and what follows finish leaves it.
export const failing: Orchestration<string, never> = orchestration("failing", (o) => o.start(never).finish(never));
orchestration("after", (o) => o.start(a).finish(a).advance(a, never, { when: (x) => x === "" }).finish(never));

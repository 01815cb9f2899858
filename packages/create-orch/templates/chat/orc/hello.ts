// An orchestration of your own: a state machine whose states may be code, agents, or other machines.
// Try it: npx orch -p --orc hello "Ada"       In the chat: /orc hello
import type { OrchestrationFactory } from "@orch/chat";
import { orchestration, runnable } from "@orch/core";

// A state is a named function from an input to an output.
const clean = runnable("clean", (text: string) => ({ name: text.trim() }));
const greet = runnable("greet", (who: { name: string }) => `Hello, ${who.name}!`);
const ask = runnable("ask", () => "Hello! What is your name?");

// Edges say where the machine goes next. They are asked in order; the first that holds is taken.
export const hello = orchestration("hello", (o) =>
  o
    .start(clean)
    .advance(clean, greet, { label: "has a name", when: ({ name }) => name !== "" })
    .advance(clean, ask, { label: "has none", convert: () => undefined })
    .finish(greet, ask),
);

// The chat calls this with { model, root, clock, limits } and sends each message to what it gives.
const make: OrchestrationFactory = () => hello;
export default make;

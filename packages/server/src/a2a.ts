/** The door of A2A: each orchestration is an agent, each run a task. */
export { type A2aDoorOptions, a2a } from "./doors/a2a.ts";

import { OrchError } from "@orch/core";

/** An agent was described in a way that cannot work. */
export class AgentSetupError extends OrchError<"ORCH_AGENT_SETUP"> {
  constructor(facts: { readonly agent: string; readonly problem: string }) {
    super("ORCH_AGENT_SETUP", facts, {
      says: `The agent "${facts.agent}" cannot be made: ${facts.problem}.`,
      fix: "Correct the options given to agent(...).",
    });
  }
}

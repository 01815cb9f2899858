/** What a person chose at the circuit of a run. */
export interface CircuitChoice {
  /** The name of the choice, as the definition has it. */
  readonly choice: string;
  /** What came with it, like the name of another model. */
  readonly data?: unknown;
}

/**
 * What a choice does. `go-on`: the attempts that met a terminal error are made again, and what was kept back begins.
 * `stop`: all branches end, and the run fails with `ORCH_HALTED`. `end`: what met the error fails, and settled fan-outs
 * complete with the results they have.
 */
export type CircuitAct = "go-on" | "stop" | "end";

/** Traces of runs. */
export {};

/** How a shell stops this process and lets it go on. */

/** The signals of job control. */
export interface JobControl {
  /** Calls `fire` for each signal to stop (SIGTSTP), which then stops nothing; gives the way to stop listening. */
  readonly onStop: (fire: () => void) => () => void;
  /** Calls `fire` each time the process goes on (SIGCONT); gives the way to stop listening. */
  readonly onContinue: (fire: () => void) => () => void;
  /** Stops the whole group of processes, as the terminal does for Ctrl-Z: what started this one stops too. */
  readonly stop: () => void;
}

/** The job control of this process. */
export function jobControl(process: Pick<NodeJS.Process, "on" | "off" | "kill">): JobControl {
  const listen = (signal: "SIGTSTP" | "SIGCONT", fire: () => void): (() => void) => {
    process.on(signal, fire);
    return () => {
      process.off(signal, fire);
    };
  };
  return {
    onStop: (fire) => listen("SIGTSTP", fire),
    onContinue: (fire) => listen("SIGCONT", fire),
    stop: () => {
      process.kill(0, "SIGTSTP");
    },
  };
}

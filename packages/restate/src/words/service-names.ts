/** The services on a Restate server by which runs are driven. */
export interface ServiceNames {
  /** One virtual object for each run: it drives the run and keeps what arrived. */
  readonly run: string;
  /** One virtual object for each run: it takes what comes from outside. */
  readonly inbox: string;
  /** A service that performs one attempt of a runnable. */
  readonly step: string;
}

/** The default of the first part of the names. */
export const PREFIX = "orch";

/** The services of an application. Two applications on one server have different prefixes. */
export function serviceNames(prefix: string = PREFIX): ServiceNames {
  return { run: `${prefix}-run`, inbox: `${prefix}-inbox`, step: `${prefix}-step` };
}

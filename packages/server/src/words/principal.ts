/** Who calls. The application around the server says it; the server only keeps what belongs to whom apart. */
export interface Principal {
  /** Stable and unique, like the id of a user or a tenant. What it started is found by it, in any process. */
  readonly id: string;
  /** What else is known of it, for code of the application: roles, an address. It is not kept. */
  readonly claims?: unknown;
}

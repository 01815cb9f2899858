/** Lines for the user that come up after the start. They wait until somebody listens. */
export class LateNotices {
  #tell: ((says: string) => void) | undefined;
  #waiting: string[] = [];

  readonly add = (says: string): void => {
    if (this.#tell === undefined) this.#waiting.push(says);
    else this.#tell(says);
  };

  /** Who listens from now on, and hears first what waited. */
  readonly onNotice = (tell: (says: string) => void): void => {
    this.#tell = tell;
    for (const says of this.#waiting.splice(0)) tell(says);
  };
}

/** Lines for the user that come up after the start. They wait until somebody listens. */

/** Whether a line is a warning, or tells that something is well. */
export type NoticeTone = "warning" | "done";

/** Told of a line. */
export type TellNotice = (says: string, tone?: NoticeTone) => void;

/** The lines of one start. */
export class LateNotices {
  #tell: TellNotice | undefined;
  #waiting: (readonly [string, NoticeTone])[] = [];

  readonly add = (says: string, tone: NoticeTone = "warning"): void => {
    if (this.#tell === undefined) this.#waiting.push([says, tone]);
    else this.#tell(says, tone);
  };

  /** Who listens from now on, and hears first what waited. */
  readonly onNotice = (tell: TellNotice): void => {
    this.#tell = tell;
    for (const [says, tone] of this.#waiting.splice(0)) tell(says, tone);
  };
}

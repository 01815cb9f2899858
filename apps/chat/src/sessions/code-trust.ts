/** The user's word for the code of a folder, given while the chat is open. */

/** Tells of the files of orchestrations, and lets them run. */
export interface CodeTrust {
  /** Every file that a configuration names, and in words whether it may run. */
  readonly files: () => Promise<readonly CodeTrustFile[]>;
  /** Lets all of them run as they are, and as they are edited until the program ends. */
  readonly grant: () => Promise<void>;
}

/** The file of an orchestration of one's own. */
export interface CodeTrustFile {
  readonly orchestration: string;
  readonly file: string;
  readonly runs: boolean;
  readonly says: string;
}

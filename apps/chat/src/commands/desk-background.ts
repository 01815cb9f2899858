/** What commands do with runs in the background. */
import type { CompletionValue } from "../input/completion.ts";

/** The runs in the background, as commands see them. */
export interface DeskBackground {
  /** Lets the turn that is being answered go on in the background. */
  readonly leave: () => void;
  /** Brings the run of a number back, or the newest one. */
  readonly bringBack: (named: string) => Promise<void>;
  /** Answers a question: `typed` may begin with its number or its id. An empty text lists what waits. */
  readonly answer: (typed: string) => Promise<void>;
  /** The numbers of the questions that wait, and what each asks. */
  readonly questions: () => readonly CompletionValue[];
}

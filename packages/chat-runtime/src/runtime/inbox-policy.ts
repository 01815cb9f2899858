/** What becomes of a message that comes while another one is being answered. */

/** What a runtime does with a message while it is busy: keeps it for later, stops for it, or refuses it. */
export type BusyPolicy = "queue" | "interrupt" | "reject";

/** The same while a run waits for an answer: the message may be the answer. */
export type WaitingPolicy = "answer" | BusyPolicy;

/** The policy of an inbox. */
export interface InboxPolicy {
  /** While something is being done. Default `queue`. */
  readonly busy?: BusyPolicy;
  /** While the run waits for an answer. Default `answer`. */
  readonly waiting?: WaitingPolicy;
}

/** What a runtime is doing when a message comes. */
export interface InboxSituation {
  readonly busy: boolean;
  /** How many questions of the run are open. */
  readonly questions: number;
}

/** The way of a message: `which` is an answer of which nobody knows what it answers. */
export type InboxWay = "send" | "answer" | "which" | BusyPolicy;

/** Says where a message goes. It changes nothing, so that a screen can ask before anything is sent. */
export function inboxWay({ busy, questions }: InboxSituation, policy: InboxPolicy = {}): InboxWay {
  if (!busy) return "send";
  if (questions === 0) return policy.busy ?? "queue";
  const { waiting = "answer" } = policy;
  if (waiting !== "answer") return waiting;
  return questions === 1 ? "answer" : "which";
}

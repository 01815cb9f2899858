import { InvalidSignalError } from "../errors/invalid-signal-error.ts";
import { MailboxFullError } from "../errors/mailbox-full-error.ts";
import { OptionError } from "../errors/option-error.ts";
import { RunEndedError } from "../errors/run-ended-error.ts";
import { UnknownSignalError } from "../errors/unknown-signal-error.ts";
import { type Mailbox, mailboxOf, receiveSignal, type SentSignal } from "../kernel/mailbox.ts";
import { kindsOf } from "../kernel/signal-kinds.ts";
import type { Completion, RunState } from "../kernel/transition.ts";
import { copyOf } from "../platform/copy-of.ts";
import { checked, type SchemaIssue } from "../words/schema.ts";
import type { AnySignalKind, SignalOptions } from "../words/signal.ts";

/** A signal that is on its way into a run of this process. */
export interface SignalReceipt {
  /** The number of the request that brought it; absent where it was sent in this process. */
  readonly request: number | undefined;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The run that a signal is sent to, as its host knows it in this process. */
export interface SignalTarget {
  readonly runId: string;
  readonly run: RunState;
  readonly deliver: (completion: Completion) => void;
  /** Throws when the value cannot be kept. */
  readonly admit?: (value: unknown, name: string) => void;
  /** Where a signal counts only when it is kept. */
  readonly receipts?: {
    readonly sent: (receipt: SignalReceipt) => void;
    /** The run has taken it; resolves it when that is kept. */
    readonly taken: (receipt: SignalReceipt) => void;
  };
}

/** Sends a signal to a run of this process. */
export type SignalSender = typeof sendSignal;

/**
 * Checks a signal and gives it to the run. Resolves when the run has taken it into its mailbox, and where the run is kept
 * when that is on disk.
 *
 * @throws UnknownSignalError, InvalidSignalError, MailboxFullError, RunEndedError; the run has not received it.
 */
export async function sendSignal(
  target: SignalTarget,
  name: string,
  value: unknown,
  { key }: SignalOptions = {},
  request?: number,
): Promise<void> {
  checkKey(key);
  const own = await checkedSignal(target, name, value);
  target.admit?.(own.value, name);
  refuseEnded(target);
  const signal: SentSignal = { name, value: own.value, key };
  refuseFull(target, own.kind, signal);
  await deliver(target, mailboxOf(target.run.root), signal, request);
}

/** A key is kept and compared as a text. @throws OptionError for anything else, in plain JavaScript. */
export function checkKey(key: unknown): void {
  if (key !== undefined && typeof key !== "string") throw new OptionError("key", key, "a text");
}

/** A value that fits the schema of its kind, as the run takes it. */
export async function checkedSignal(
  target: Pick<SignalTarget, "runId" | "run">,
  name: string,
  value: unknown,
): Promise<{ readonly kind: AnySignalKind; readonly value: unknown }> {
  const { runId, run } = target;
  refuseEnded(target);
  const kinds = kindsOf(run.root);
  const kind = kinds.get(name);
  if (kind === undefined) throw new UnknownSignalError({ runId, signal: name, known: [...kinds.keys()] });
  const refuse = (issues: readonly SchemaIssue[]): Error =>
    new InvalidSignalError({ runId, signal: name, issues });
  return { kind, value: copyOf(await checked(kind.schema, value, refuse)) };
}

/** Refuses a signal for which the run has no room. */
export function refuseFull(
  { runId, run }: Pick<SignalTarget, "runId" | "run">,
  kind: AnySignalKind,
  signal: Pick<SentSignal, "name" | "key">,
): void {
  // Who only asks makes none.
  const mailbox = run.root.attached?.mailbox;
  if (mailbox?.knows(signal) === true || (mailbox?.room(kind) ?? kind.limit) > 0) return;
  throw new MailboxFullError({ runId, signal: kind.name, limit: kind.limit });
}

/** Brings a signal on its way into the run. It is rejected when the run ends before it has taken it. */
function deliver(
  target: SignalTarget,
  mailbox: Mailbox,
  signal: SentSignal,
  request: number | undefined,
): Promise<void> {
  const { receipts } = target;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const receipt: SignalReceipt = { request, resolve, reject };
  // The end of the run is known a moment after it was left.
  const lost = (): void => void Promise.resolve().then(() => reject(endedError(target)));
  const arrived = mailbox.comes(signal.name, lost);
  receipts?.sent(receipt);
  const taken = (): void => {
    arrived();
    if (receipts === undefined) resolve();
    else receipts.taken(receipt);
  };
  target.deliver({ kind: "signal", signal, receive: receiveSignal, taken });
  return promise;
}

function refuseEnded(target: Pick<SignalTarget, "runId" | "run">): void {
  if (target.run.ended !== undefined) throw endedError(target);
}

function endedError({ runId, run }: Pick<SignalTarget, "runId" | "run">): Error {
  return new RunEndedError({ runId, status: run.ended?.kind ?? "cancelled" }, "signalled");
}

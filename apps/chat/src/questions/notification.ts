/** How the user is told who is elsewhere: by the bell of the terminal, or by a notification of the desktop (OSC 9). */

/** The user's setting. */
export interface NotifySetting {
  /** A turn that took longer tells its end, in seconds. Default 20. */
  readonly after?: number | undefined;
  /** Default `bell`. */
  readonly via?: "bell" | "osc9" | "off" | undefined;
}

const DEFAULT_AFTER = 20;

/**
 * What the terminal is sent, by itself, so that the door of all output lets it through; nothing where it is off. It moves no
 * cursor, so it may stand between any two frames.
 */
export function notification(words: string, { via = "bell" }: NotifySetting = {}): string {
  if (via === "off") return "";
  // Other characters could end the sequence, or are none that every terminal shows there.
  return via === "bell" ? "\u0007" : `\u001b]9;${words.replaceAll(/[^ -~]/g, "")}\u0007`;
}

/** Tells the user, as the setting says. */
export class Notifier {
  readonly #context: NotifyContext;

  constructor(context: NotifyContext) {
    this.#context = context;
  }

  tell(words: string): void {
    const sequence = notification(words, this.#context.notify);
    if (sequence !== "") this.#context.stdout.write(sequence);
  }

  /** A turn of so many milliseconds has ended. */
  ended(duration: number): void {
    const { after = DEFAULT_AFTER } = this.#context.notify ?? {};
    if (duration > after * 1000) this.tell("The turn has ended");
  }
}

interface NotifyContext {
  readonly stdout: Pick<NodeJS.WriteStream, "write">;
  readonly notify?: NotifySetting;
}

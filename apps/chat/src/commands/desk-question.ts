import type { SafeText } from "../terminal/safe-text.ts";

/** A question of a command. */
export interface DeskQuestion {
  readonly text: SafeText;
  /** Listed with numbers, by which they may be answered. */
  readonly choices?: readonly string[];
  /** Whether what is typed is not shown. */
  readonly hidden?: boolean;
}

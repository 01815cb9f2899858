/** Whether somebody listens to the screen in place of seeing it, as far as the start of the process tells. It imports nothing. */

/** The option that says so. */
export const SCREEN_READER_OPTION = "--screen-reader";

/** Whether the environment says so: `INK_SCREEN_READER=true`, or `ACCESSIBLE` with any value but `0` and `false`. */
export function hasScreenReader(env: Readonly<Record<string, string | undefined>>): boolean {
  const { INK_SCREEN_READER: ink, ACCESSIBLE: accessible = "" } = env;
  return ink === "true" || !["", "0", "false"].includes(accessible);
}

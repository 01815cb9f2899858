/** The URIs of what every server has: orchestrations and runs. */

/** What the URIs of orchestrations begin with. */
export const FLOWS = "orch://orchestrations/";
/** What the URIs of runs begin with. */
export const RUNS = "orch://runs/";
/** The template of the URIs of runs. */
export const RUN_TEMPLATE: string = `${RUNS}{run}`;

/** The id that follows `start`; `undefined` for another URI. */
export function idIn(uri: string, start: string): string | undefined {
  if (!uri.startsWith(start)) return undefined;
  const text = uri.slice(start.length);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

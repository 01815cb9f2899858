import { type SafeText, safe, safeText } from "./safe-text.ts";

/** A time for people, from milliseconds: `0.4s`, `12s`, `3m 05s`, `2h 07m`. */
export function duration(ms: number): SafeText {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return safeText(`${seconds.toFixed(1)}s`);
  if (seconds < 59.5) return safe`${Math.round(seconds)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return safeText(`${minutes}m ${String(Math.floor(seconds % 60)).padStart(2, "0")}s`);
  return safeText(`${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, "0")}m`);
}

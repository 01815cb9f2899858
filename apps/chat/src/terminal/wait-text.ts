import type { SignalReceived, StateWait } from "@orch/core";
import { duration } from "./duration.ts";
import { type SafeText, safeText } from "./safe-text.ts";

/** What a state waits for in its run, as a line: `waits for the signal paid, at most 1h00m`. */
export function waitText({ signal, condition, timeout }: StateWait): SafeText {
  const named = signal === undefined ? [] : [`the signal ${signal}`];
  const things = [...named, ...(condition === undefined ? [] : ["a condition"])];
  const most = timeout === undefined ? "" : `, at most ${duration(timeout)}`;
  return safeText(`waits for ${things.join(" and ")}${most}`.replaceAll("\n", " "));
}

/** That a signal came, with the beginning of its value: `the signal paid came: {"sum":120}`. */
export function cameText({ signal, value }: Pick<SignalReceived, "signal" | "value">): SafeText {
  const text = JSON.stringify(value) ?? "";
  const most = 200;
  return safeText(`the signal ${signal} came: ${text.length > most ? `${text.slice(0, most)}...` : text}`);
}

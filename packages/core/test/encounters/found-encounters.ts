import type { Encounter } from "./encounter-words.ts";

const usual = { isOneHost: false, level: "step", isLate: false } as const;

/** Encounters that went wrong once. */
export const foundEncounters: { readonly [what: string]: Encounter } = {
  "a parked run that is cancelled, and hears a signal before that is written": {
    ...usual,
    ...{ flow: "signals", place: "parked", first: "cancel", second: "signal" },
    call: { name: "append", at: 1, isDone: false },
  },
  "a parked run that is cancelled, and gets an answer before that is written": {
    ...usual,
    ...{ flow: "asks", place: "parked", first: "cancel", second: "answer" },
    call: { name: "append", at: 1, isDone: false },
  },
  "a run whose claim was lost, and which the host takes up again that drives it still": {
    ...usual,
    ...{ flow: "signals", place: "here", first: "lose", second: "resume", isOneHost: true, turns: 3 },
  },
  "a run that another host cancels, and that is tried again before the one who asked looks": {
    ...usual,
    ...{ flow: "signals", place: "there", first: "cancel", second: "retry" },
    call: { name: "withdraw", at: 1, isDone: true },
  },
  "a run that is tried again, and whose host is closed while it tells so": {
    ...usual,
    ...{ flow: "races", place: "ended", first: "retry", second: "close", isOneHost: true, isLate: true },
    call: { name: "load", at: 4, isDone: true },
  },
  "a start that finds its id taken, and a signal to the run before it knows": {
    ...usual,
    ...{ flow: "signals", place: "crashed", first: "start", second: "signal", isOneHost: true },
    ...{ isLate: true, turns: 4 },
  },
  "a run that has ended with an open circuit, and an answer to it": {
    ...usual,
    ...{ flow: "breaks", place: "ended", first: "answer", second: "resume", isOneHost: true, turns: 13 },
  },
  "a run that has ended with an open circuit, and a cancellation of it": {
    ...usual,
    ...{ flow: "breaks", place: "ended", first: "cancel", second: "answer", isOneHost: true, turns: 13 },
  },
  "a signal that is kept, and an answer after it to a question beside its wait": {
    ...usual,
    ...{ flow: "races", place: "crashed", first: "signal", second: "answer", isOneHost: true },
    ...{ level: "group", isLate: false, turns: 17 },
  },
  "an answer that is kept, and one after it to another question of its race": {
    ...usual,
    ...{ flow: "chooses", place: "parked", first: "answer", second: "answer" },
    call: { name: "keep", at: 1, isDone: true },
  },
  "an answer that is about to be kept, while another process keeps one to another question of its race": {
    ...usual,
    ...{ flow: "chooses", place: "crashed", first: "answer", second: "answer", isLate: true },
    call: { name: "keep", at: 1, isDone: false },
  },
  "an answer to what a state asks, which is kept, and one after it that wins their race": {
    ...usual,
    ...{ flow: "mixes", place: "parked", first: "answer", second: "answer" },
    call: { name: "keep", at: 1, isDone: true },
  },
  "a signal that is kept, and an answer after it that ends the run": {
    ...usual,
    ...{ flow: "exits", place: "parked", first: "signal", second: "answer" },
    call: { name: "keep", at: 1, isDone: true },
  },
  "an answer that ends the run, and a signal after it": {
    ...usual,
    ...{ flow: "exits", place: "parked", first: "answer", second: "signal" },
    call: { name: "keep", at: 1, isDone: true },
  },
  "an answer that is kept, and a new version that has another name for its question": {
    ...usual,
    ...{ flow: "picks", place: "parked", first: "answer", second: "migrate", isOneHost: true, turns: 20 },
  },
  "an answer to a run whose process died, while the same host cancels it": {
    ...usual,
    ...{ flow: "picks", place: "crashed", first: "answer", second: "cancel", isOneHost: true },
    call: { at: 5, isDone: false },
  },
  "an answer to what asks in the background of a parked run, while it is cancelled": {
    ...usual,
    ...{ flow: "behind", place: "parked", first: "answer", second: "cancel", isOneHost: true },
    ...{ level: "group", isLate: true },
    call: { at: 5, isDone: false },
  },
};

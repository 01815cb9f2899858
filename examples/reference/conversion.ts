import { isOrchError, orchestration, runnable } from "@orch/core";

const ask = runnable("ask", (question: string) => question.replace("half of ", ""));
const halve = runnable("halve", (n: number) => n / 2);

/** Reads a number, and says what it found instead. */
function numberOf(text: string): number {
  const number = Number(text);
  if (Number.isNaN(number)) throw new RangeError(`"${text}" is not a number`);
  return number;
}
// Without `convert` this does not compile, because a string is no number. With it, the conversion has to hold.
const flow = orchestration("halving", (o) =>
  o.start(ask).advance(ask, halve, { convert: numberOf }).finish(halve),
);

console.log(await flow.run("half of 42"));
try {
  await flow.run("half of everything");
} catch (error) {
  if (!isOrchError(error, "ORCH_CONVERSION")) throw error;
  console.log(error.message);
}

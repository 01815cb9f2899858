import { Effect } from "effect";

const first = (value: number) => Effect.promise(async () => value + 1);
const second = (value: number) => Effect.promise(async () => value * 2);
console.log(await Effect.runPromise(Effect.flatMap(first(1), second)));

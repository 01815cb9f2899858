/** Orch: pipelines and loops. */
import { runnable } from "@orch/core";
import type { Subject } from "../subject.ts";
import { adders, million, passers } from "../work.ts";
import { circleOf, pipelineOf } from "./pipeline.ts";

/** A pipeline. */
export const linear: Subject = ({ size }) => {
  const flow = pipelineOf("linear", adders(size));
  return { run: () => flow.run(0) };
};

/** With a listener to all events. */
export const events: Subject = ({ size }) => {
  const flow = pipelineOf("linear", adders(size));
  let heard = 0;
  flow.on("*", () => {
    heard += 1;
  });
  return {
    run: async () => {
      heard = 0;
      const value = await flow.run(0);
      return heard > size ? value : heard;
    },
  };
};

/** Two states that lead to each other. */
export const loop: Subject = ({ size, tick }) => {
  const [ping, pong] = adders(2).map((add, index) =>
    runnable(index === 0 ? "ping" : "pong", (value: number) => {
      tick();
      return add(value);
    }),
  );
  const flow = circleOf("loop", ping!, pong!, (value) => value < size);
  return { run: () => flow.run(0) };
};

/** The same. */
export const longLoop: Subject = loop;

/** A large text handed on. */
export const payload: Subject = ({ size }) => {
  const flow = pipelineOf("payload", passers(size));
  const text = million();
  return { run: async () => (await flow.run(text)).length };
};

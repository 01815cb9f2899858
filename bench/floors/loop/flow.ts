/** A state machine by hand, without a library. */
import type { Subject } from "../../subject.ts";
import { adders, million, passers } from "../../work.ts";
import { drive, row, type State } from "./machine.ts";

/** A pipeline. */
export const linear: Subject = ({ size }) => {
  const states = row(adders(size));
  return { run: () => drive(states, 0) };
};

/** With a listener. */
export const events: Subject = ({ size }) => {
  const states = row(adders(size));
  let heard = 0;
  const listener = (): void => {
    heard += 1;
  };
  return {
    run: async () => {
      heard = 0;
      const value = await drive(states, 0, { listener });
      return heard > size ? value : heard;
    },
  };
};

/** Two states that lead to each other. */
export const loop: Subject = ({ size, tick }) => {
  const [ping, pong] = adders(2);
  const ticking = (add: (value: number) => Promise<number>) => (value: number) => {
    tick();
    return add(value);
  };
  const states: readonly State<number>[] = [
    { id: "ping", invoke: ticking(ping!), next: (value) => (value < size ? 1 : -1) },
    { id: "pong", invoke: ticking(pong!), next: (value) => (value < size ? 0 : -1) },
  ];
  return { run: () => drive(states, 0) };
};

/** The same. */
export const longLoop: Subject = loop;

/** A large text handed on. */
export const payload: Subject = ({ size }) => {
  const states = row(passers(size));
  const text = million();
  return { run: async () => (await drive(states, text)).length };
};

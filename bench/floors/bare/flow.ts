/** The floor: the functions alone, awaited one after the other. */
import type { Subject } from "../../subject.ts";
import { adders, million, passers } from "../../work.ts";

/** A pipeline. */
export const linear: Subject = ({ size }) => {
  const states = adders(size);
  return {
    run: async () => {
      let value = 0;
      for (const state of states) value = await state(value);
      return value;
    },
  };
};

/** The same: there is nothing to listen to. */
export const events: Subject = linear;

/** Two functions in turn. */
export const loop: Subject = ({ size, tick }) => {
  const [ping, pong] = adders(2);
  return {
    run: async () => {
      let value = 0;
      while (value < size) {
        value = await ping!(value);
        tick();
        value = await pong!(value);
        tick();
      }
      return value;
    },
  };
};

/** The same. */
export const longLoop: Subject = loop;

/** A large text handed on. */
export const payload: Subject = ({ size }) => {
  const states = passers(size);
  const text = million();
  return {
    run: async () => {
      let value = text;
      for (const state of states) value = await state(value);
      return value.length;
    },
  };
};

/** Makes tasks wait for each other. */
export type Queue = <TValue>(task: () => Promise<TValue>) => Promise<TValue>;

/** Makes a queue: a task begins when the one before it has ended, whether well or badly. */
export function oneAtATime(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task);
    last = next.catch(() => {});
    return next;
  };
}

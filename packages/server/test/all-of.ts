/** All that a reading gives, to its end. */
export async function allOf<TValue>(values: AsyncIterable<TValue>): Promise<TValue[]> {
  const all: TValue[] = [];
  for await (const value of values) all.push(value);
  return all;
}

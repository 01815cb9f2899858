/** Whether two values are the same data. What {@link copyOf} does not copy is the same only as itself. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const prototype: unknown = Object.getPrototypeOf(one);
  if (prototype !== Object.getPrototypeOf(other)) return false;
  switch (prototype) {
    case Date.prototype:
      return Object.is(Number(one), Number(other));
    case Map.prototype:
    case Set.prototype:
      return isSame([...(one as Iterable<unknown>)], [...(other as Iterable<unknown>)]);
    case Array.prototype:
    case Object.prototype:
    case null:
      return haveSame(one as Properties, other as Properties);
    default:
      return false;
  }
}

type Properties = { readonly [key: string]: unknown };

function haveSame(one: Properties, other: Properties): boolean {
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
  );
}

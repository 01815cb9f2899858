/** Freezes what is built in, as hardened programs do: assigning a name that a prototype has then throws. */
const built = [Array, Boolean, Date, Function, Map, Number, Object, Promise, RegExp, Set, String, Symbol];
for (const { prototype } of built) Object.freeze(prototype);

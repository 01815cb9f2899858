type EdgeFunction = ((...given: never) => unknown) | undefined;

/**
 * Whether one of these functions of an edge may read the input of the state that the edge leaves. Parameters with a default,
 * those that are gathered (`...args`, as a wrapper has them) and `arguments` are not counted in the length of a function, so
 * its text is looked at too. A wrong yes costs a copy of the input; a wrong no would show an edge what the state made of it.
 */
export function readsInput(...functions: readonly EdgeFunction[]): boolean {
  return functions.some((one) => one !== undefined && (one.length > 1 || mayTakeMore(String(one))));
}

function mayTakeMore(text: string): boolean {
  return /^[^)]*(\.\.\.|=(?!>))|\barguments\b|\[native code]/.test(text);
}

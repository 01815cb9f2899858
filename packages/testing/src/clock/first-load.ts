/** What has to be loaded before a test's clock is moved for the first time. */
let load: (() => Promise<unknown>) | undefined;
let loaded: Promise<unknown> | undefined;

/** Has something loaded, once, before a clock is moved the next time. */
export function loadFirst(what: () => Promise<unknown>): void {
  load ??= what;
}

/** Resolves when it is there; `undefined` where nothing has to be. */
export function firstLoad(): Promise<unknown> | undefined {
  if (load !== undefined) loaded ??= load();
  return loaded;
}

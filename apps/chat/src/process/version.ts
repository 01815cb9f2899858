/** Which version this is. */
declare const __VERSION__: string | undefined;

/** The package's version; `0.0.0-source` where the sources run unbuilt. */
export const version: string = typeof __VERSION__ === "string" ? __VERSION__ : "0.0.0-source";

/** Which version this is. */
declare const __VERSION__: string | undefined;
declare const __SDKS__: { readonly [name: string]: string } | undefined;

/** The package's version; `0.0.0-source` where the sources run unbuilt. */
export const version: string = typeof __VERSION__ === "string" ? __VERSION__ : "0.0.0-source";

/** The versions of the SDKs that are part of the program, by their names; none where the sources run unbuilt. */
export const sdkVersions: { readonly [name: string]: string } = typeof __SDKS__ === "object" ? __SDKS__ : {};

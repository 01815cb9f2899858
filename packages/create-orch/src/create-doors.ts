/** The outside, as the program needs it. */
import type { TemplateName } from "./template.ts";

/** What an installation came to. */
export type InstallResult = { readonly ok: true } | { readonly ok: false; readonly text: string };

/** The doors of the program. */
export interface CreateDoors {
  readonly folder: string;
  readonly version: string;
  /** Where the templates stand. */
  readonly templates: string;
  /** `npm`, `pnpm`, `yarn` or `bun`: the one that started this program. */
  readonly manager: string;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  /** Asks who sits at the terminal; `undefined` where nobody does. Gives `undefined` for who leaves. */
  readonly choose: (() => Promise<TemplateName | undefined>) | undefined;
  /** Installs the packages of a folder. Ends with the signal. */
  readonly install: (folder: string, signal: AbortSignal) => Promise<InstallResult>;
  /** Fires once with Ctrl-C, a closed terminal or a request to end. */
  readonly interrupted: AbortSignal;
}

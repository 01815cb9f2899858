/** The command line. */
import { parseArgs } from "node:util";
import { isTemplate, TEMPLATE_NAMES, type TemplateName } from "./template.ts";

/** What was asked for. */
export interface Args {
  readonly folder?: string;
  readonly template?: TemplateName;
  /** Whether the packages are installed. Default true. */
  readonly install: boolean;
  /** A text is all that is wanted. */
  readonly only?: "help" | "version";
}

/** What `--help` prints. */
export const HELP = `npm create orch@latest [folder] -- [--template chat|library|server|next] [--no-install]

  folder         where to; it must be empty or not there. Default: orch-<template>
  --template     what to make; asked for when it is missing
  --no-install   writes the files and installs nothing
  --version      prints the version
`;

/** Reads the arguments; a text is a sentence about what is wrong with them. */
export function readArgs(argv: readonly string[]): Args | string {
  const read = parse(argv);
  if (typeof read === "string") return read;
  const { values, positionals } = read;
  if (values.help || values.version)
    return { install: false, only: values.help === true ? "help" : "version" };
  const [folder, ...more] = positionals;
  if (more.length > 0)
    return `One folder is made at a time, and ${JSON.stringify(more[0])} is a second one: leave it out.`;
  const { template } = values;
  if (template !== undefined && !isTemplate(template))
    return `There is no template ${JSON.stringify(template)}: take ${TEMPLATE_NAMES.join(", ")}.`;
  return {
    install: values["no-install"] !== true,
    ...(folder !== undefined && { folder }),
    ...(template !== undefined && { template }),
  };
}

interface Parsed {
  readonly values: { help?: boolean; version?: boolean; template?: string; "no-install"?: boolean };
  readonly positionals: readonly string[];
}

function parse(argv: readonly string[]): Parsed | string {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        version: { type: "boolean", short: "v" },
        template: { type: "string", short: "t" },
        "no-install": { type: "boolean" },
      },
    });
  } catch (error) {
    const [sentence] = (error as Error).message.split(". ");
    return `${sentence}. See npm create orch@latest -- --help`;
  }
}

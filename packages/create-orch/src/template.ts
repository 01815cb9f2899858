/** What can be made. */

/** The names of the templates, in the order in which they are offered. */
export const TEMPLATE_NAMES = ["chat", "library", "server", "next"] as const;

/** The name of a template. */
export type TemplateName = (typeof TEMPLATE_NAMES)[number];

/** A template, as it is offered and as its next steps are told. */
export interface Template {
  /** What it is, for who chooses. */
  readonly about: string;
  /** The scripts of its `package.json` that a newcomer runs, with what they do. */
  readonly scripts: readonly (readonly [script: string, about: string])[];
}

const CHECK = ["check", "checks the types"] as const;
const TEST = ["test", "runs the tests"] as const;

/** The templates by their names. */
export const TEMPLATES: { readonly [name in TemplateName]: Template } = {
  chat: {
    about: "a terminal chat with orchestrations of your own",
    scripts: [["start", "opens the chat"], TEST, CHECK],
  },
  library: {
    about: "a program that runs an orchestration",
    scripts: [["start", "answers a question from notes/"], TEST, CHECK],
  },
  server: {
    about: "runs and conversations over HTTP, kept in SQLite",
    scripts: [["start", "listens on http://127.0.0.1:4100"], TEST, CHECK],
  },
  next: {
    about: "a page in Next.js that talks to an orchestration",
    scripts: [["dev", "serves http://localhost:3000"], TEST, CHECK],
  },
};

/** Whether there is a template of this name. */
export function isTemplate(name: string): name is TemplateName {
  return (TEMPLATE_NAMES as readonly string[]).includes(name);
}

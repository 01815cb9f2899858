/**
 * The part of URI templates that resources need: `{name}` for one piece of a path, `{+name}` for the rest with its slashes.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc6570
 */
import { ServerSetupError } from "../errors/server-setup-error.ts";

/** A template that can be read backwards. */
export interface UriTemplate {
  /** The names of its variables; none for a plain URI. */
  readonly variables: readonly string[];
  /** The values in a URI; `undefined` for one of another form. */
  readonly valuesIn: (uri: string) => { readonly [name: string]: string } | undefined;
}

const VARIABLE = /\{(\+?)([A-Za-z_]\w*)\}/g;

/** Reads a template. @throws ServerSetupError for one with an expression that is not known here. */
export function uriTemplate(text: string): UriTemplate {
  const parts = text.split(VARIABLE);
  const literal = parts.filter((_, place) => place % 3 === 0);
  if (!/^[a-z][a-z\d+.-]*:/i.test(text) || literal.some((part) => /[{}]/.test(part)))
    throw new ServerSetupError({
      problem: `"${text}" is no URI of a resource, and no template with {name} or {+name}`,
    });
  const variables = parts.filter((_, place) => place % 3 === 2);
  if (new Set(variables).size < variables.length)
    throw new ServerSetupError({ problem: `a variable stands twice in "${text}"` });
  const form = parts.map((part, place) => {
    if (place % 3 === 0) return part.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
    return place % 3 === 1 ? "" : `(${parts[place - 1] === "+" ? ".+?" : "[^/?#]+?"})`;
  });
  const pattern = new RegExp(`^${form.join("")}$`);
  return { variables, valuesIn: (uri) => valuesOf(pattern.exec(uri), variables) };
}

function valuesOf(
  found: RegExpExecArray | null,
  variables: readonly string[],
): { readonly [name: string]: string } | undefined {
  if (found === null) return undefined;
  try {
    return Object.fromEntries(
      variables.map((name, place) => [name, decodeURIComponent(found[place + 1] ?? "")]),
    );
  } catch {
    return undefined;
  }
}

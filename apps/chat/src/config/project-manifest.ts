/** The `package.json` of a folder with orchestrations: what it needs, without touching what is there. */
import { parseJson } from "@orch/core";

/** The text to write, if any, and what the user has to do. */
export interface ProjectManifest {
  readonly text?: string;
  readonly advice?: string;
  /** Set where its files are not ES modules, as after `npm init`: `orc/` needs one of its own that says so. */
  readonly isScript?: true;
}

type Dependencies = { readonly [name: string]: string };

/** What an orchestration and its test import. `version` is the program's own: all packages of Orch go together. */
function needed(version: string): Dependencies {
  const orch = `^${version.replace(/-source$/, "")}`;
  return {
    "@orch/agents": orch,
    "@orch/chat": orch,
    "@orch/chat-runtime": orch,
    "@orch/core": orch,
    "@orch/testing": orch,
    "@types/node": ">=22",
    typescript: ">=5.9",
    vitest: ">=3",
    zod: "^4.0.0",
  };
}

/** The manifest for a folder whose `package.json` is `text`; `undefined` where there is none. */
export function projectManifest(text: string | undefined, version: string): ProjectManifest {
  const wanted = needed(version);
  if (text === undefined) {
    const scripts = { check: "tsc && orch check --trust", test: "vitest run" };
    const manifest = { private: true, type: "module", scripts, devDependencies: wanted };
    return { text: `${JSON.stringify(manifest, undefined, 2)}\n` };
  }
  const manifest = read(text);
  const names = Object.keys(wanted).join(" ");
  if (manifest === undefined)
    return {
      advice: `package.json is no JSON, so it was left as it is. Add ${names} to its devDependencies.`,
    };
  const { dependencies = {}, devDependencies = {} } = manifest;
  const missing = Object.entries(wanted).filter(
    ([name]) => !(name in dependencies || name in devDependencies),
  );
  const merged = { ...manifest, devDependencies: { ...devDependencies, ...Object.fromEntries(missing) } };
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? "  ";
  return {
    ...(missing.length > 0 && { text: `${JSON.stringify(merged, undefined, indent)}\n` }),
    ...(manifest.type !== "module" && { isScript: true }),
  };
}

interface Manifest {
  readonly type?: string;
  readonly dependencies?: Dependencies;
  readonly devDependencies?: Dependencies;
}

function read(text: string): Manifest | undefined {
  try {
    const value = parseJson(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Manifest)
      : undefined;
  } catch {
    return undefined;
  }
}

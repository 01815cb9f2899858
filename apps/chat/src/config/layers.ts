/** Merges the layers of the configuration, and remembers the layer of each value. */
import type { Config } from "./config.ts";

/** Settings from one place. */
export interface Layer {
  /** The source of the values, for people: a file, `environment`, `command line`, `defaults`. */
  readonly name: string;
  readonly config: Config;
}

/** One value on its way through the layers. */
export interface Origin {
  readonly layer: string;
  readonly value: unknown;
}

/** All layers together. */
export interface LayeredConfig {
  readonly config: Config;
  /** By dotted key, the layers that set it; the last one holds. */
  readonly origins: ReadonlyMap<string, readonly Origin[]>;
}

/** Merges `layers` key by key. A later layer wins. */
export function mergeLayers(layers: readonly Layer[]): LayeredConfig {
  const origins = new Map<string, Origin[]>();
  const config: Record<string, unknown> = {};
  for (const { name, config: settings } of layers) {
    for (const [path, value] of leavesOf(settings, [])) {
      put(config, path, value);
      const key = path.join(".");
      origins.set(key, [...(origins.get(key) ?? []), { layer: name, value }]);
    }
  }
  return { config: config as Config, origins };
}

function* leavesOf(value: object, path: readonly string[]): Generator<[readonly string[], unknown]> {
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const at = [...path, key];
    if (typeof item === "object" && item !== null && !Array.isArray(item) && Object.keys(item).length > 0) {
      yield* leavesOf(item, at);
    } else {
      yield [at, item];
    }
  }
}

/** Sets the value at `path`, and makes the objects on the way. A path through `__proto__` sets nothing. */
export function put(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  // It would lead out of the configuration, into what all objects inherit.
  if (path.includes("__proto__")) return;
  let holder = target;
  for (const step of path.slice(0, -1)) {
    const next = Object.hasOwn(holder, step) ? holder[step] : undefined;
    if (typeof next !== "object" || next === null) holder[step] = {};
    holder = holder[step] as Record<string, unknown>;
  }
  holder[path.at(-1)!] = value;
}

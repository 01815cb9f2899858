import type { KeptForm } from "../kernel/kept-form.ts";
import type { Graph } from "../words/graph.ts";

/**
 * A short name for the structure of a definition: its states, kinds, edges and what is inside them.
 * It tells definitions apart, and protects against nothing.
 *
 * Source: FNV-1a, 64 bits, http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function structureHash(graph: Graph | KeptForm): string {
  const text = JSON.stringify(graph);
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}

/** What is drawn: an orchestration's states with all that is inside them, and what a run did with them. */
import { given } from "../platform/given.ts";
import type { StateKind } from "../words/events.ts";
import type { Graph, GraphBranch, GraphEdge, GraphInside } from "../words/graph.ts";
import { durationText } from "./captions.ts";
import { drawingOrder } from "./order.ts";
import { branchPlace, outerPlace } from "./place.ts";
import type { RecordedEdge, RecordedRun, RecordedState } from "./recorded-run.ts";
import { isList, STATE_LOOKS, type StateLook } from "./state-looks.ts";

/** How an orchestration is drawn. */
export interface DrawOptions {
  /** A run of it: states show what they did, edges how often they were taken. */
  readonly run?: RecordedRun;
}

/** One state, or one branch. */
export interface Box {
  /** Unique in the picture, and made of letters, digits and `_`. */
  readonly name: string;
  readonly id: string;
  readonly kind: StateKind;
  readonly start: boolean;
  readonly finish: boolean;
  /** What is said of it beside its id: `settled`, `first 2`. */
  readonly notes: readonly string[];
  /** Which branch of the fan-out around it; the key of a list's branch is empty. */
  readonly branch?: { readonly key: string; readonly conditional: boolean; readonly follows?: true };
  /** What is inside. */
  readonly level?: Level;
  /** What it did in the run. */
  readonly seen?: RecordedState;
}

/** One way between two boxes of a level. */
export interface Arrow {
  readonly from: Box;
  readonly to: Box;
  readonly kind: "advance" | "catch" | "rerun";
  readonly label?: string;
  readonly conditional: boolean;
  readonly converts: boolean;
  /** The dossier that it adds to. */
  readonly adds?: string;
  /** It closes a loop. */
  readonly back: boolean;
  /** How often it was taken; absent when no run is drawn. */
  readonly count?: number;
}

/** The inside of a machine, a fan-out or a choice. */
export interface Level {
  readonly kind: NonNullable<StateLook["inside"]>;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** A whole drawing. */
export interface Picture {
  readonly id: string;
  readonly level: Level;
  readonly run: RecordedRun | undefined;
}

/** Puts a graph and a run of it together. */
export function pictureOf(graph: Graph, { run }: DrawOptions): Picture {
  return { id: graph.id, level: new Painter(run).machine(graph, run?.orchestration || graph.id), run };
}

class Painter {
  readonly #run: RecordedRun | undefined;
  readonly #inside = new Map<string, RecordedState[]>();
  #count = 0;

  constructor(run: RecordedRun | undefined) {
    this.#run = run;
    for (const state of Object.values(run?.states ?? {})) {
      const outer = outerPlace(state.place) ?? "";
      const known = this.#inside.get(outer);
      if (known === undefined) this.#inside.set(outer, [state]);
      else known.push(state);
    }
  }

  machine(graph: Graph, place: string): Level {
    const { nodes, isBack } = drawingOrder(graph);
    const boxes = nodes.map(({ id, start, finish, ...inside }) =>
      this.#box(id, inside, `${place}/${id}`, { start, finish }),
    );
    const byId = new Map(boxes.map((box) => [box.id, box]));
    const arrows: Arrow[] = [];
    for (const edge of graph.edges) {
      const [from, to] = [byId.get(edge.from), byId.get(edge.to)];
      if (from === undefined || to === undefined) continue;
      const { kind, label, conditional, converts, adds } = edge;
      const count = this.#countOf(place, edge);
      const shown = { from, to, kind, conditional, converts, back: isBack(edge) };
      arrows.push({ ...shown, ...given({ label, adds }), ...count });
    }
    for (const { id, rerun } of nodes) {
      if (rerun === undefined) continue;
      const box = byId.get(id)!;
      const count = this.#countOf(place, { from: id, to: id, kind: "rerun" });
      arrows.push({ ...again(box), label: `up to ${rerun} times`, ...count });
    }
    return { kind: "machine", boxes, arrows };
  }

  #box(
    id: string,
    inside: GraphInside & Pick<GraphBranch, "converts">,
    place: string,
    more: Partial<Pick<Box, "start" | "finish" | "branch">>,
  ): Box {
    // Named before what is inside, so that names follow the drawing.
    const name = `s${this.#count++}`;
    const level = this.#levelOf(inside, place);
    const seen = this.#run?.states[place];
    return {
      name,
      id,
      kind: inside.made === true ? (seen?.kind ?? inside.kind) : inside.kind,
      start: false,
      finish: false,
      ...more,
      notes: notesOf(inside),
      ...(level === undefined ? {} : { level }),
      ...(seen === undefined ? {} : { seen }),
    };
  }

  #levelOf({ kind, graph, branches, made }: GraphInside, place: string): Level | undefined {
    if (graph !== undefined) return this.machine(graph, place);
    const isChoice = STATE_LOOKS[kind].inside === "chosen";
    if (branches === undefined) return isChoice || made === true ? this.#chosen(place) : undefined;
    const boxes = branches.map(({ key, id, conditional, follows, ...inside }) => {
      const named = isList(kind) ? "" : key;
      // A choice has one state inside, and so has a branch that may end its orchestration: no key stands in its path.
      const at = `${isChoice || kind === "exit" ? place : branchPlace(place, named)}/${id}`;
      return this.#box(id, inside, at, {
        finish: inside.kind === "exit",
        branch: { key: named, conditional, ...(follows === true ? { follows } : {}) },
      });
    });
    return { kind: "branches", boxes, arrows: [] };
  }

  /** The runnable that a factory made during the run. The definition does not contain it. */
  #chosen(place: string): Level | undefined {
    const states = this.#inside.get(place);
    if (states === undefined) return undefined;
    const form = STATE_LOOKS[this.#run?.states[place]?.kind ?? "runnable"].inside ?? "branches";
    const byPlace = new Map<string, Box>();
    for (const [index, state] of states.entries()) {
      const name = `s${this.#count++}`;
      const level = this.#chosen(state.place);
      const branch = state.place.startsWith(`${place}[`)
        ? { key: state.place.slice(place.length + 1, state.place.lastIndexOf("]/")), conditional: false }
        : undefined;
      byPlace.set(state.place, {
        name,
        id: state.id,
        kind: state.kind,
        start: form === "machine" && index === 0,
        finish: false,
        notes: [],
        ...(branch === undefined ? {} : { branch }),
        ...(level === undefined ? {} : { level }),
        seen: state,
      });
    }
    const boxes = [...byPlace.values()];
    const arrows = (this.#run?.edges ?? []).flatMap((edge) => recordedArrow(edge, byPlace, boxes));
    return { kind: form, boxes, arrows };
  }

  #countOf(
    place: string,
    edge: Pick<GraphEdge, "from" | "to"> & { readonly kind: Arrow["kind"]; readonly place?: number },
  ): { readonly count?: number } {
    if (this.#run === undefined) return {};
    const cause = CAUSES[edge.kind];
    const found = this.#run.edges.find(
      (one) =>
        one.cause === cause &&
        one.from === `${place}/${edge.from}` &&
        one.to === `${place}/${edge.to}` &&
        one.place === edge.place,
    );
    return { count: found?.count ?? 0 };
  }
}

const CAUSES = { advance: "output", catch: "error", rerun: "rerun" } as const;

function again(box: Box): Arrow {
  return { from: box, to: box, kind: "rerun", conditional: false, converts: false, back: true };
}

function recordedArrow(
  edge: RecordedEdge,
  byPlace: ReadonlyMap<string, Box>,
  boxes: readonly Box[],
): Arrow[] {
  const [from, to] = [byPlace.get(edge.from), byPlace.get(edge.to)];
  if (from === undefined || to === undefined) return [];
  const kind = edge.cause === "output" ? "advance" : edge.cause === "error" ? "catch" : "rerun";
  return [
    {
      from,
      to,
      kind,
      ...(edge.label === undefined ? {} : { label: edge.label }),
      conditional: false,
      converts: false,
      back: boxes.indexOf(to) <= boxes.indexOf(from),
      count: edge.count,
    },
  ];
}

function notesOf({
  settled,
  first,
  enough,
  grows,
  rest,
  collects,
  maxVisits,
  made,
  converts,
  signal,
  condition,
  timeout,
}: GraphInside & Pick<GraphBranch, "converts">): readonly string[] {
  return [
    ...(signal === undefined ? [] : [signal]),
    ...(condition === undefined ? [] : ["?"]),
    ...(timeout === undefined ? [] : [`at most ${durationText(timeout)}`]),
    ...(settled === true ? ["settled"] : []),
    ...(first === undefined ? [] : [`first ${first}`]),
    ...(enough === true ? ["until enough"] : []),
    ...(grows === true ? ["grows"] : []),
    ...(rest === undefined ? [] : ["the rest in the background"]),
    ...(collects === undefined ? [] : [`of ${collects}`]),
    ...(maxVisits === undefined ? [] : [`at most ${maxVisits} visits`]),
    ...(made === true ? ["made on the way"] : []),
    ...(converts === true ? ["converts"] : []),
  ];
}

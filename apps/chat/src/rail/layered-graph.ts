/** A graph drawn in layers, from left to right: what leads back runs in lanes below. */
import type { Graph, GraphEdge, GraphNode } from "@orch/core/draw";
import { ASCII_GLYPHS } from "../terminal/glyphs.ts";
import { type SafeText, safe } from "../terminal/safe-text.ts";
import type { Line } from "../terminal/styled.ts";
import { widthOf } from "../terminal/width.ts";
import { GraphCanvas } from "./graph-canvas.ts";
import { layersOf } from "./graph-layers.ts";
import { edgeLabel, type GraphStyle, nodeLabel } from "./graph-lines.ts";

/** A graph with more states side by side than this is drawn as a tree. */
const MAX_LAYER = 8;

/** Draws a graph in layers; nothing where there is no room for that. */
export function layeredGraph(graph: Graph, style: GraphStyle): Line[] | undefined {
  const { layers, forward, others } = layersOf(graph);
  if (layers.some((layer) => layer.length > MAX_LAYER)) return undefined;
  const plan = new LayerPlan(layers, forward, others, style);
  return plan.width > style.width || !plan.hasRoom ? undefined : new LayerDrawing(plan, style).lines();
}

interface Place {
  readonly layer: number;
  readonly row: number;
  readonly column: number;
  readonly end: number;
}

/** The columns between two layers. */
interface Gutter {
  /** First column. */
  start: number;
  /** Vertical tracks that are taken. */
  tracks: number;
  label: number;
}

/** An edge that leads back, with its tracks behind its state and before its target. */
interface Return {
  readonly edge: GraphEdge;
  readonly out: number;
  readonly back: number;
}

/** The position of every box and arrow. */
class LayerPlan {
  readonly layers: readonly (readonly GraphNode[])[];
  readonly forward: readonly GraphEdge[];
  readonly returns: readonly Return[];
  readonly places = new Map<string, Place>();
  /** In columns. */
  readonly width: number;
  readonly #style: GraphStyle;
  /** A gutter stands before each layer, and one behind the last. */
  readonly #gutters: readonly Gutter[];
  /** The track of each state that edges leave forward. */
  readonly #sources = new Map<string, number>();

  constructor(
    layers: readonly (readonly GraphNode[])[],
    forward: readonly GraphEdge[],
    others: readonly GraphEdge[],
    style: GraphStyle,
  ) {
    this.layers = layers;
    this.forward = forward;
    this.#style = style;
    this.#gutters = Array.from({ length: layers.length + 1 }, () => ({ start: 0, tracks: 0, label: 0 }));
    const layerOf = new Map(layers.flatMap((layer, at) => layer.map((node) => [node.id, at] as const)));
    for (const edge of forward) {
      const gutter = this.#gutters[layerOf.get(edge.to)!]!;
      if (!this.#sources.has(edge.from)) this.#sources.set(edge.from, gutter.tracks++);
      gutter.label = Math.max(gutter.label, widthOf(edgeLabel(edge)));
    }
    this.returns = others.map((edge) => ({
      edge,
      out: this.#gutters[layerOf.get(edge.from)! + 1]!.tracks++,
      back: this.#gutters[layerOf.get(edge.to)!]!.tracks++,
    }));
    this.width = this.#placeAll();
  }

  /** Rows of the layers, without the lanes below. */
  get height(): number {
    return Math.max(...this.layers.map((layer) => layer.length)) * 2 - 1;
  }

  /** Whether every edge that leads back has room for its label. */
  get hasRoom(): boolean {
    return this.returns.every((back) => {
      const label = edgeLabel(back.edge);
      const { leave, arrive } = this.ends(back);
      return label === "" || widthOf(label) <= Math.abs(leave - arrive) - 5;
    });
  }

  /** The columns between which an edge that leads back runs below. */
  ends({ edge, out, back }: Return): { readonly leave: number; readonly arrive: number } {
    const [from, to] = [this.places.get(edge.from)!, this.places.get(edge.to)!];
    return { leave: this.track(from.layer + 1, out), arrive: this.track(to.layer, back) };
  }

  /** The column of a track. */
  track(gutter: number, index: number): number {
    return this.#gutters[gutter]!.start + 1 + index * 2;
  }

  /** The column where the forward edges of a state turn. */
  turnOf(edge: GraphEdge): number {
    return this.track(this.places.get(edge.to)!.layer, this.#sources.get(edge.from)!);
  }

  #placeAll(): number {
    let column = 0;
    for (const [at, layer] of this.layers.entries()) {
      const gutter = this.#gutters[at]!;
      gutter.start = column;
      column += gutterWidth(gutter, at === 0);
      const widths = layer.map((node) => widthOf(nodeLabel(node, this.#style).text));
      for (const [row, node] of layer.entries()) {
        this.places.set(node.id, { layer: at, row: row * 2, column, end: column + widths[row]! });
      }
      column += Math.max(...widths);
    }
    const last = this.#gutters.at(-1)!;
    last.start = column;
    return column + gutterWidth(last, false);
  }
}

/** Draws a finished layer plan. */
class LayerDrawing {
  readonly #plan: LayerPlan;
  readonly #style: GraphStyle;
  readonly #canvas: GraphCanvas;
  readonly #arrow: SafeText;

  constructor(plan: LayerPlan, style: GraphStyle) {
    const ascii = style.theme.glyphs === ASCII_GLYPHS;
    this.#plan = plan;
    this.#style = style;
    this.#arrow = ascii ? safe`>` : safe`▶`;
    this.#canvas = new GraphCanvas(plan.width, plan.height + plan.returns.length, ascii);
  }

  lines(): Line[] {
    for (const edge of this.#plan.forward) this.#drawForward(edge);
    for (const [at, back] of this.#plan.returns.entries()) this.#drawReturn(back, this.#plan.height + at);
    for (const edge of this.#plan.forward) this.#drawLabel(edge);
    for (const node of this.#plan.layers.flat()) this.#drawNode(node);
    return this.#canvas.lines(this.#style.theme.styles.dim);
  }

  #drawForward(edge: GraphEdge): void {
    const [from, to] = [this.#placeOf(edge.from), this.#placeOf(edge.to)];
    const turn = this.#plan.turnOf(edge);
    this.#canvas.across(from.row, from.end, turn);
    this.#canvas.down(turn, from.row, to.row);
    this.#enter(to, turn);
  }

  #drawReturn(back: Return, lane: number): void {
    const { edge } = back;
    const [from, to] = [this.#placeOf(edge.from), this.#placeOf(edge.to)];
    const { leave, arrive } = this.#plan.ends(back);
    this.#canvas.across(from.row, from.end, leave);
    this.#canvas.down(leave, from.row, lane);
    this.#canvas.across(lane, leave, arrive);
    this.#canvas.down(arrive, lane, to.row);
    this.#enter(to, arrive);
    const label = edgeLabel(edge);
    const length = Math.abs(leave - arrive);
    const shown = label === "" ? safe`` : safe` ${label} `;
    const middle = Math.min(leave, arrive) + 1 + Math.max(1, (length - widthOf(shown)) >> 1);
    this.#canvas.write(lane, middle, shown, this.#style.theme.styles.dim);
  }

  /** Several edges share the way in: one label would be taken for all. */
  #drawLabel(edge: GraphEdge): void {
    const label = edgeLabel(edge);
    const labelled = this.#plan.forward.filter((other) => other.to === edge.to && edgeLabel(other) !== "");
    if (label === "" || labelled.length !== 1) return;
    const { row, column } = this.#placeOf(edge.to);
    this.#canvas.write(row, column - 4 - widthOf(label), safe` ${label} `, this.#style.theme.styles.dim);
  }

  #drawNode(node: GraphNode): void {
    const { row, column } = this.#placeOf(node.id);
    const { text, role } = nodeLabel(node, this.#style);
    this.#canvas.write(row, column, safe`${text} `, this.#style.theme.styles[role]);
  }

  #enter(to: Place, from: number): void {
    this.#canvas.across(to.row, from, to.column - 2);
    this.#canvas.write(to.row, to.column - 2, this.#arrow, this.#style.theme.styles.dim);
  }

  #placeOf(id: string): Place {
    return this.#plan.places.get(id)!;
  }
}

/** Room for the tracks, a label, and the arrow. The first gutter is empty unless something returns to the start. */
function gutterWidth(gutter: Gutter, first: boolean): number {
  if (first && gutter.tracks === 0) return 1;
  const label = gutter.label === 0 ? 0 : gutter.label + 3;
  return gutter.tracks === 0 ? 0 : 1 + gutter.tracks * 2 + label + 3;
}

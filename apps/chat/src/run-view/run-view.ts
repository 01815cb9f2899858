/** The view of a run: looks at it while it goes or when it is over, steps through it, and goes another way from any state of it. */
import type { FullScreen, FullScreenFrame, FullScreenView } from "../full-screen/full-screen-view.ts";
import type { KeyPress } from "../input/key-chunk.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { plainText } from "../terminal/styled.ts";
import type { WindowSize } from "../terminal/window-size.ts";
import { exportRun, RUN_ENDINGS } from "./export-run.ts";
import { readJson } from "./read-json.ts";
import { runFrame } from "./run-frame.ts";
import { readRun } from "./run-reader.ts";
import type { RunRecord } from "./run-record.ts";
import type { RunRow } from "./run-rows.ts";
import type { RunFork, RunViewDoors, RunViewStart } from "./run-view-doors.ts";
import {
  pressRunView,
  RUN_VIEW_START,
  type RunFormat,
  type RunViewEffect,
  type RunViewFacts,
  type RunViewNote,
  type RunViewState,
} from "./run-view-state.ts";
import { SeenRun } from "./seen-run.ts";
import { rowName, stepDetails } from "./step-details.ts";

/** One view of one run. */
export class RunView implements FullScreenView {
  readonly #doors: RunViewDoors;
  #state: RunViewState;
  #seen: RunViewFacts = { rows: [], listRows: 1, detailRows: 1, maxScroll: 0, events: 0 };
  #rows: readonly RunRow[] = [];
  readonly #before = new SeenRun();
  #note: RunViewNote | undefined;
  #empty: SafeText | undefined;
  /** Set while something is under way that the view waits for. */
  #busy = false;
  /** The record of a replay, and of how many events it is. */
  #then: { readonly at: number; readonly record: RunRecord } | undefined;

  /** What is chosen as soon as it is there. */
  #wanted: string | undefined;

  constructor(doors: RunViewDoors, { wanted, replay, note, ...start }: RunViewStart = {}) {
    this.#doors = doors;
    this.#wanted = wanted;
    this.#note = note;
    this.#state = { ...RUN_VIEW_START, ...start, ...(replay && { at: 1 }) };
  }

  readonly opened = (screen: FullScreen): (() => void) => {
    const changed = (): void => {
      this.#before.forget();
      screen.changed();
    };
    return this.#doors.follow(changed, (reason) => {
      this.#empty = reason;
      changed();
    });
  };

  readonly draw = (size: WindowSize): FullScreenFrame => {
    const run = this.#run();
    // A replay stands still; a run that is over gets more only by what is read of it.
    const looked = { run, fixed: this.#state.at !== undefined || run.duration !== undefined };
    this.#rows = this.#before.rows(looked, this.#state.filter);
    this.#choose();
    const state = this.#state;
    const { graph, events } = this.#doors;
    const [theme, now] = [this.#doors.theme(), this.#now()];
    const frame = runFrame(
      {
        ...{ state, run, rows: this.#rows, at: this.#at(), graph: graph(), theme, now },
        details: (row, width) => this.#before.details(looked, row, { width, theme }, now),
        events: events().length,
        ...(this.#note && { note: this.#note }),
        ...(this.#empty && { empty: this.#empty }),
      },
      size,
    );
    this.#seen = frame.facts;
    return { lines: frame.lines };
  };

  readonly press = (press: KeyPress, screen: FullScreen): void => {
    if (this.#busy) return;
    this.#note = undefined;
    const { state, effect } = pressRunView(this.#state, press, { ...this.#seen, rows: this.#keys() });
    this.#state = state;
    if (effect !== undefined) this.#carryOut(effect, screen);
  };

  readonly paste = (text: string): void => {
    const { value, filtering, filter } = this.#state;
    if (value !== undefined) this.#state = { ...this.#state, value: { ...value, text: value.text + text } };
    else if (filtering) this.#state = { ...this.#state, filter: filter + text.replaceAll(/\s+/g, " ") };
  };

  #run(): RunRecord {
    const { at } = this.#state;
    if (at === undefined) return this.#doors.record();
    if (this.#then?.at !== at) this.#then = { at, record: readRun(this.#doors.events().slice(0, at)) };
    return this.#then.record;
  }

  /** In a replay time stands still at the last event that is shown. */
  #now(): number {
    const { at } = this.#state;
    return (at === undefined ? undefined : this.#doors.events()[at - 1]?.time) ?? this.#doors.now();
  }

  #keys(): readonly string[] {
    return this.#rows.map(({ step }) => step.key);
  }

  #at(): number {
    const { chosen } = this.#state;
    if (chosen === undefined) return this.#rows.length - 1;
    return Math.max(0, this.#keys().indexOf(chosen));
  }

  #choose(): void {
    const wanted = this.#wanted?.toLowerCase();
    if (wanted === undefined) return;
    const row =
      this.#rows.findLast((each) => rowName(each).toLowerCase() === wanted) ??
      this.#rows.findLast(({ step }) => step.type === "state" && step.state.toLowerCase() === wanted) ??
      (/^\d+$/.test(wanted) ? this.#rows[Number(wanted) - 1] : undefined);
    if (row !== undefined) this.#state = { ...this.#state, chosen: row.step.key };
    else if (this.#doors.record().duration === undefined) return;
    else this.#say(safe`No state of this run is called "${visibleText(this.#wanted!)}".`, "warning");
    this.#wanted = undefined;
  }

  get #row(): RunRow | undefined {
    return this.#rows[this.#at()];
  }

  #carryOut(effect: RunViewEffect, screen: FullScreen): void {
    switch (effect.type) {
      case "close":
        screen.close();
        return;
      case "copy":
        this.#copy();
        return;
      case "retry":
        this.#retry(screen);
        return;
      case "export":
        void this.#attempt(screen, () => this.#export(effect.format));
        return;
      case "fork":
        this.#fork(screen, {});
        return;
      case "edit":
        this.#edit(effect.purpose, screen);
        return;
      case "give":
        this.#give(effect.purpose, effect.text, screen);
        return;
    }
  }

  #copy(): void {
    const row = this.#row;
    if (row === undefined) return;
    const lines = stepDetails(row, { width: 10_000, theme: this.#doors.theme() }, this.#now());
    const { taken, note } = this.#doors.copy(safeText(lines.map(plainText).join("\n")));
    this.#say(note, taken ? "done" : "warning");
  }

  #retry(screen: FullScreen): void {
    const problem = this.#doors.retry();
    if (problem === undefined) screen.close();
    else this.#say(problem, "warning");
  }

  async #export(format: RunFormat): Promise<void> {
    const run = this.#doors.record();
    const exported = { run, events: this.#doors.events(), graph: this.#doors.graph() };
    const name = `${run.runId || "run"}.${RUN_ENDINGS[format]}`.replaceAll(/[^\w.-]/g, "_");
    const records = format === "json" ? await this.#doors.records() : undefined;
    const text = exportRun({ ...exported, ...(records && { records }) }, format);
    this.#note = await this.#doors.write(name, text);
  }

  /** The path of the chosen state; of a move it is the state that was left, and of a call the one that made it. */
  #path(): string | undefined {
    const row = this.#row;
    if (row === undefined) return undefined;
    if (row.step.type === "state") return row.step.path;
    return row.step.type === "call" || row.step.type === "question" ? row.parent?.path : undefined;
  }

  #fork(screen: FullScreen, given: Pick<RunFork, "input" | "output">, written?: RunViewState["value"]): void {
    const path = this.#path();
    if (path === undefined) {
      this.#say(safe`Choose a state: a fork begins at one.`, "warning");
      return;
    }
    const fork = "output" in given ? { after: path, ...given } : { before: path, ...given };
    void this.#attempt(screen, async () => {
      // What was written is there to be corrected until it is taken.
      if (written !== undefined) this.#state = { ...this.#state, value: written };
      const problem = await this.#doors.fork(fork);
      if (problem === undefined) screen.close();
      else this.#say(problem, "warning");
    });
  }

  #edit(purpose: "input" | "output", screen: FullScreen): void {
    const { step } = this.#row ?? {};
    if (step?.type !== "state") {
      this.#say(
        safe`Choose a state: its ${purpose === "input" ? safe`input` : safe`output`} can be another one.`,
        "warning",
      );
      return;
    }
    if (purpose === "output" && step.output === undefined) {
      this.#say(safe`This state has no output yet: i gives it another input.`, "warning");
      return;
    }
    const { edit } = this.#doors;
    const before = purpose === "input" ? step.input : step.output?.value;
    if (edit === undefined) {
      this.#state = { ...this.#state, value: { purpose, text: JSON.stringify(before) ?? "null" } };
      return;
    }
    void this.#attempt(screen, async () => {
      const text = JSON.stringify(before, undefined, 2) ?? "null";
      const edited = await screen.lend(() => edit(text));
      if (edited === undefined) return;
      if ("problem" in edited) this.#say(safeText(edited.problem), "warning");
      else if (edited.text.trim() === text.trim())
        this.#say(safe`Nothing was changed, and nothing was started.`, "warning");
      else this.#give(purpose, edited.text.replaceAll(/\s*\n\s*/g, " "), screen);
    });
  }

  #give(purpose: "input" | "output", text: string, screen: FullScreen): void {
    const read = readJson(text);
    if (read === undefined) {
      this.#state = { ...this.#state, value: { purpose, text } };
      this.#say(safe`That is no JSON: texts stand in "quotes". Esc leaves it.`, "failed");
      return;
    }
    this.#fork(screen, purpose === "input" ? { input: read.value } : { output: read.value }, {
      purpose,
      text,
    });
  }

  async #attempt(screen: FullScreen, act: () => Promise<void>): Promise<void> {
    this.#busy = true;
    try {
      await act();
    } catch (error) {
      this.#say(this.#doors.failure(error), "failed");
    } finally {
      this.#busy = false;
      screen.changed();
    }
  }

  #say(text: SafeText, tone: RunViewNote["tone"]): void {
    this.#note = { text, tone };
  }
}

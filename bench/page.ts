/** `docs/performance.md`, from what a run of the benchmark found. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Case, cases } from "./cases.ts";
import { imports } from "./cold-import.ts";
import { missesOf, numberOf } from "./judgement.ts";
import type { Missing, Results, Standing } from "./results.ts";
import { entrants, isPeer } from "./subjects.ts";

/** Limits on what an import may cost us, and on what a bundle loads at once, by the name of the row. */
export const limits: {
  readonly imports: { readonly [name: string]: number };
  readonly bundles: { readonly [name: string]: number };
} = {
  imports: { core: 8, agents: 15 },
  bundles: { core: 7, "core-small": 10, "core-whole": 14, agents: 16 },
};

const peers = Object.keys(entrants).filter(isPeer);

/** The page. The same results always give the same page. */
export function pageOf(results: Results): string {
  const { machine, date, node, rounds, seconds, versions } = results;
  return `# Performance

<!-- words: benchmark, speed, latency, throughput -->

What the engine and the agents cost, beside the same work by hand and beside other libraries. This page is written by \`pnpm bench\`;
do not edit it.

Measured on ${date}: ${machine.processor}, ${machine.cores} cores, ${machine.gigabytes} GB, ${machine.system}, Node ${node}.
Compare figures within one row only: they were taken in turn within the same minutes. Absolute times differ from machine to machine,
and on a shared one from minute to minute.${busyNote(machine)}

## Beside the floors

"Bare" is the same functions with nothing around them: \`await\` after \`await\`, \`Promise.all\`, a \`for\` loop around the model. "Loop" is
a state machine written by hand for the case: records of states, a \`while\`, events where there is a listener, and an INSERT and a commit
a step where it is durable.

${table(
  ["case", "unit", "bare", "loop", "Orch", "to bare", "to loop", "target", "bar"],
  cases.map((one) => floorRow(one, results)),
)}

"–": not applicable, or not there yet. A target is an absolute figure that we aim for, a bar is a ratio that we hold ourselves to.

## Beside other libraries

In brackets: how many times Orch's figure. Below 1 the other one is ahead.

${table(
  ["case", "unit", "Orch", ...peers.map((name) => entrants[name]!.title)],
  cases.filter((one) => one.subjects.some(isPeer)).map((one) => peerRow(one, results)),
)}

"–": the library has no such feature, or it was not tried; see below.

## Long runs, first deltas, memory

${table(["case", "figure", ...Object.values(entrants).map(({ title }) => title)], sideRows(results))}

## Import and size

The import is the time of a process that only imports the package, over that of an empty process; memory likewise. The bundle is of a
minimal use (two states; or an agent without tools), by esbuild, as an ES module for Node, minified; then \`gzip -9\`. 1 kB is 1,000 bytes.
At once: of the compressed bytes, those without what is imported later, when it is used, where a bundler makes files of their own of it.

${table(["package", "import, ms", "import, MB", "bundle, kB", "gzip, kB", "at once, kB", "limits"], sizeRows(results))}

The limits are for what is imported, and for what is loaded at once. What keeps a use of core above them is what its methods can reach:
events, questions, budgets, limits of concurrency, and sentences for all that can go wrong. Most of it is not in the small door
([0014](decisions/0014-ceilings-for-size.md), [0039](decisions/0039-a-small-door.md)). 1.2 kB more could go from there only with the graph
that drawings read, copies of inputs, ids of runs and what a run inside of a kept one follows; these stay. What an agent does not load at
once, [0040](decisions/0040-tools-bring-their-code.md) and [0045](decisions/0045-schemas-bring-their-code.md) tell.

## Where we are not where we want to be

${list(missesOf(results, limits))}

Why they stay:

| where | why |
|---|---|
| fewer than 3 times ahead of Effect: branches, runs at once, runs 2 to 100 | Most of the time is what both do: functions that are awaited, timers of 1 ms. The lines above say how far ahead bare functions are. |
| fewer than 3 times ahead of Effect: a loop, a text | What is left is the engine's own work at each transition, see the first table. |
| the same on SQLite | Three quarters of a step is its commit, which a loop by hand pays too ([0015](decisions/0015-small-pages-and-one-row-a-run.md)). |
| journalled in memory | The loop by hand pushes an object. Ours writes the record that a file would hold, as text, so that memory and file behave alike ([0009](decisions/0009-a-record-is-a-completion-with-its-decisions.md)). |
| a growing log on SQLite, time and bytes | A record says beside its value which state it is of, which edge was taken, when, and a checksum. |
| a conversation that is handed on | Each state gets a copy of its own, so each item is compared and copied. Shared state with a \`reduce\` is the way for long lists ([0042](decisions/0042-lists-that-grow-share-their-items.md), [0067](decisions/0067-long-texts-and-lists-that-grow.md)). |
| a shared list | Its reducer, \`[...all, ...more]\`, makes a list of all items at each step. |
| resuming | Two thirds are the claim, a commit that keeps all others off; [below](#taking-up-a-long-run-and-opening-a-file). |
| a fresh process | V8 reads 440 functions for the first time; [below](#taking-up-a-long-run-and-opening-a-file). |
| an agent's turns and deltas | [Below](#where-an-agents-turn-goes), what each does beside the loop by hand. |
| 10,000 runs held | A run has an id, a status, a result and a way to cancel it, also when nobody asks. |
| bundles | [Above](#import-and-size). |

## Where an agent's turn goes

A turn with a tool call takes 4.4 to 5.4 times as much processor time as in the loop by hand, 4.9 in the middle of 15 measurements as by
\`bench/gates.ts --only agent-10\` on 2026-11-30, beside 18 to 34 other programs on two cores. The bar is 6, and the gate ends there. A day before it was
4.7 to 6.8 times, measured by the least of two processes; the turn before took 1.10 to 1.15 times as much as now
([0056](decisions/0056-a-call-is-one-object.md)), and in the morning of that day it was 11.6 times. Of a turn of 2.9 µs, before the last changes, by a
profile of samples:

| µs | of the turn |
|---|---|
| 0.37 | JSON read and written, and zod: as in the loop by hand |
| 0.36 | the model's call: the request with a list of messages of its own, a stream of two events, its end also when the model never ends |
| 0.26 | the tool's call: read, checked, approved, run once, its result in a message |
| 0.20 | a signal and a limit of time for the tool, and the timer of the run: half of it is gone |
| 0.17 | the loop, and a tenth of opening and ending the run |
| 0.16 | native parts of V8: promises, maps |
| 0.13 | texts looked through for halves of characters |
| 0.13 | the benchmark's model and tool |
| 0.11 | memory that is collected: 7.5 kB a turn, 6.4 kB now, 1 kB in the loop by hand |
| 0.11 | the turn: limits, usage by model, what follows from the message |
| 0.10 | the clock, and the guard against the same call again and again |

What was taken away: a timer for each call, texts to
compare calls with, walks through schemas and keys where nothing can be found, nine promises, events that nobody reads, functions made
for each call ([0044](decisions/0044-what-a-turn-makes.md)).

## Taking up a long run, and opening a file

By processor time, in turn, on a machine that does other work, on 2026-11-29; the table above has the times before snapshots
([0041](decisions/0041-snapshots-and-seals.md)) until the benchmark has run on an idle one.

| ms | before | Orch | loop by hand | XState | Mastra | LangGraph.js |
|---|---|---|---|---|---|---|
| resuming after 1,000 steps, SQLite | – | 1.0 | 1.4 | 0.5 | 1.8 | 3.7 |
| resuming after 100,000 steps, SQLite | – | 1.3 | – | – | – | – |
| resuming after 1,000 steps, in memory | – | 0.11 | 0.11 | 0.03 | – | – |
| resuming after 100,000 steps, in memory | – | 0.13 | – | – | – | – |
| opening a file of 26 MB | 86 | 1.7 | – | – | – | – |
| a fresh process opens a file, lists the questions of a run after 1,000 steps, answers one and resumes it | 49 | 20 | 4 | 8 | – | 61 |

Of the 1.0 ms on SQLite two thirds are the claim, which is a commit: nobody else may drive the run from then on. XState has no claims, and waits for
the disk at its first snapshot instead. In a fresh process V8 reads the code of the engine for the first time: 440
functions, of which a warm process has all. With \`--no-lazy\`, which reads all code when it is loaded, the same takes 6 ms instead of 17 of
the published build, and loading takes 33 ms more. Opening is 5 of the 17, and taking the run up 8. In memory there is no such case: another
process finds nothing there. Node's compile cache makes the loading a third cheaper, and changes nothing in what comes
after it ([0073](decisions/0073-what-a-fresh-process-pays.md)). Loading \`@orch/sqlite\` took 37 ms before digests and threads were loaded when they are used, and takes 31.
Mastra has no figure: its resumed run waits for something that holds no process open.

A signal to a run of 100,000 steps reads fewer than 20 records and requests, where it read all of them before
([0055](decisions/0055-what-is-new-is-read.md)).

## How it is measured

    pnpm bench                       all of this, ${Math.round(seconds / 60)} minutes here
    pnpm bench --only linear,loop    some cases, printed and not written
    pnpm bench --quick               the gates: beside the commit before and the floors; fails on a breach

- One fresh process for each subject, case and round; ${rounds} rounds, in which the subjects of a case take turns and another one comes
  first each time; the median of the rounds. A subject whose process takes more than 2.5 seconds is measured in 3 rounds.
- Every answer is checked: a first run before anything is timed, and then the last of each stretch. A wrong answer is no figure.
- Definitions are built, compiled and warmed up before the time begins. Short cases are the median of ten stretches, as many runs each as
  fit into 0.2 to 0.3 seconds; cases with timers are whole runs.
- Runs 2 to 100, and 101 to 2,000, are those of a process that has just begun, by processor time on all threads: loading, building and the
  first run stand apart, nothing is warmed up, and what V8 compiles beside the program counts. A fresh process each, ours as it is published.
- Each library is used in the cheapest idiomatic way that we know, with tracing, telemetry, and checks and snapshots that a case does not
  ask for switched off where it has a switch. The programs are in \`bench/peers\`, one small file per library and kind of case; a correction
  is welcome.
- LangGraph checkpoints at its default durability. Mastra repeats a nested workflow where the loop has two steps, and a single step in the
  growing log. XState's snapshot is stored by the program at each transition, since storing is left to the user there. Effect runs
  promises in its fibers: in these cases it has neither states nor events nor a store, which makes it a faster floor rather than
  the same thing.
- In the growing log, LangGraph appends by a reducer, Mastra and XState hand on the whole log, the loop by hand journals what is new, and
  Orch's states add to shared state with a \`reduce\`. What is added is 204 kB of JSON in all, which is what "on disk" compares with.
- Resuming: the run stopped after 1,000 steps, at one that never ended. The store is opened before the time begins, on a fresh copy of the
  file; the time ends when that step starts again. XState, Mastra and Orch read one snapshot there, LangGraph the newest checkpoint, and the
  loop by hand folds the whole journal. Orch claims the run besides, which is a commit.
- Answering in a fresh process: another process made the file, with a run that waits. The time is that of the processor on all threads, from
  opening the file to the start of the state after the question; programs and libraries are loaded before. Nothing is warmed up, so it is
  mostly the time in which V8 reads code for the first time.
- Mastra's store in memory keeps copies of objects that share their texts, so a large text costs it next to nothing there; ours keeps long
  texts as they are, behind the JSON of a record. LangGraph's serialises, and XState's is a map of serialised snapshots.
- The agents' models answer at once, in the process: they give what they have without generators where the library allows it, since what
  the model costs is no part of the case. In the streamed deltas Orch's model is a generator.

${table(
  ["package", "version"],
  Object.entries(versions).map(([name, version]) => [name, version]),
)}

## What is not measured

- Networks, real models and their latency: they are thousands of times slower than anything here.
- Anything but Node, one machine and one process; other operating systems; other file systems than this one's temporary folder.
- What a power cut loses at each durability level: that is correctness, and has tests of its own.
- Durable execution in Effect, whose store on SQL is its cluster engine; agents in LangGraph, which are in its companion package.
- How much a library does beyond the case. A figure says what the case costs, not what the library is worth.
`;
}

function busyNote({ load, cores }: Results["machine"]): string {
  if (load <= cores) return "";
  return `\nOther work ran on the machine meanwhile (load up to ${numberOf(load)} on ${cores} cores): times are too long, and unevenly so.`;
}

function floorRow(one: Case, { cases: found }: Results): readonly string[] {
  const row = found[one.id] ?? {};
  const { bare, loop, orch } = row;
  return [
    one.title,
    one.unit,
    figure(bare),
    figure(loop),
    strong(figure(orch)),
    times(orch, bare),
    times(orch, loop),
    one.target === undefined ? "" : `≤ ${one.target}`,
    one.gate === undefined ? "" : `≤ ${one.gate.bar}× ${one.gate.against}`,
  ];
}

function peerRow(one: Case, { cases: found }: Results): readonly string[] {
  const row = found[one.id] ?? {};
  const cell = (name: string): string => {
    const ratio = times(row[name], row["orch"]);
    return ratio === "–" ? figure(row[name]) : `${figure(row[name])} (${ratio})`;
  };
  return [one.title, one.unit, strong(figure(row["orch"])), ...peers.map(cell)];
}

/** Figures beside the main one, by what they are called on the page. */
const sides: { readonly [title: string]: (standing: Standing, one: Case) => number | undefined } = {
  "last against first": ({ growth }) => growth,
  "kept on the heap after nine tenths, kB": ({ heapKilobytes }) => heapKilobytes,
  "whole run, ms": ({ totalMilliseconds }) => totalMilliseconds,
  "on disk, kB": ({ diskBytes }) => (diskBytes ? diskBytes / 1_000 : undefined),
  "first delta, ms": ({ firstMilliseconds }) => firstMilliseconds,
  "loading, ms of processor time": ({ loadMilliseconds }, { id }) =>
    id === "cold" ? loadMilliseconds : undefined,
  "building, ms of processor time": ({ buildMilliseconds }, { id }) =>
    id === "cold" ? buildMilliseconds : undefined,
  "first run, ms of processor time": ({ firstRunMilliseconds }, { id }) =>
    id === "cold" ? firstRunMilliseconds : undefined,
  "warnings of Node": ({ warnings }) => warnings,
  "most memory, MB": ({ peakMegabytes }, { family }) => (family === "fan" ? peakMegabytes : undefined),
};

function sideRows({ cases: found }: Results): readonly (readonly string[])[] {
  return cases.flatMap((one) =>
    Object.entries(sides).flatMap(([title, read]) => {
      const cells = Object.keys(entrants).map((name) => {
        const standing = found[one.id]?.[name];
        const value = standing === undefined || "missing" in standing ? undefined : read(standing, one);
        return value === undefined ? "–" : numberOf(value);
      });
      return cells.every((cell) => cell === "–") ? [] : [[one.title, title, ...cells]];
    }),
  );
}

const rowTitles: { readonly [name: string]: string } = {
  core: "**@orch/core**",
  "core-small": "**@orch/core/small**",
  "core-whole": "**@orch/core**, all of it",
  agents: "**@orch/agents**",
  "mastra-agent": "Mastra, an agent",
};

function sizeRows({ imports: imported, bundles }: Results): readonly (readonly string[])[] {
  const names = [...new Set([...Object.keys(bundles), ...Object.keys(imports)])].sort(
    (a, b) => order(a) - order(b),
  );
  return names.map((name) => {
    const cost = imported[name];
    const size = bundles[name];
    const bars = [
      limits.imports[name] === undefined ? "" : `≤ ${limits.imports[name]} ms`,
      limits.bundles[name] === undefined ? "" : `≤ ${limits.bundles[name]} kB at once`,
    ];
    return [
      rowTitles[name] ?? entrants[name]?.title ?? name,
      cost === undefined ? "–" : numberOf(cost.milliseconds),
      cost === undefined ? "–" : numberOf(cost.megabytes),
      size === undefined ? "–" : numberOf(size.minified),
      size === undefined ? "–" : numberOf(size.gzip),
      size?.atOnce === undefined ? "–" : numberOf(size.atOnce),
      bars.filter((bar) => bar !== "").join(", "),
    ];
  });
}

function order(name: string): number {
  const first = [
    "core",
    "core-small",
    "core-whole",
    "agents",
    ...peers.flatMap((peer) => [peer, `${peer}-agent`]),
  ];
  return first.indexOf(name);
}

function figure(standing: Standing | Missing | undefined): string {
  if (standing === undefined) return "–";
  if ("missing" in standing) return standing.missing === "failed" ? "failed" : "–";
  return numberOf(standing.value);
}

function times(one: Standing | Missing | undefined, other: Standing | Missing | undefined): string {
  if (one === undefined || other === undefined || "missing" in one || "missing" in other) return "–";
  return `${numberOf(one.value / other.value)}×`;
}

function strong(text: string): string {
  return text === "–" ? text : `**${text}**`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "Every bar on this page holds." : items.map((item) => `- ${item}`).join("\n");
}

// As a program it writes the page anew from the last results.
if (process.argv[1] === import.meta.filename) {
  const results = JSON.parse(
    readFileSync(join(import.meta.dirname, "results/latest.json"), "utf8"),
  ) as Results;
  writeFileSync(join(import.meta.dirname, "../docs/performance.md"), pageOf(results));
}

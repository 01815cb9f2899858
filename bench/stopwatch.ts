/** The ways of timing a subject: one function per mode. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "./cases.ts";
import type { Figures } from "./figures.ts";
import { median } from "./statistics.ts";
import type { Ready, Setting, Subject } from "./subject.ts";

/** A measurement to be made. */
export interface Task {
  readonly one: Case;
  readonly size: number;
  readonly subject: Subject;
  /** How long to go on, in milliseconds, as far as single runs allow. */
  readonly budget: number;
  /** Milliseconds of processor time for loading the subject. */
  readonly loadMilliseconds: number;
  /** An empty folder. */
  readonly folder: () => string;
  /** Lets another process prepare the case in a folder. */
  readonly prepareApart: (folder: string) => Promise<void>;
}

/** Measures; `undefined` when the subject has no such feature. */
export async function measure(task: Task): Promise<Figures | undefined> {
  switch (task.one.mode) {
    case "repeat":
      return repeat(task);
    case "once":
    case "first":
      return aFewTimes(task);
    case "steps":
      return stepByStep(task);
    case "tenths":
      return inTenths(task);
    case "cold":
      return cold(task);
    case "fresh":
      return fresh(task);
    case "held":
      return held(task);
  }
}

const STRETCHES = 10;

/** Ten stretches of as many runs as fit; the median. */
async function repeat(task: Task): Promise<Figures | undefined> {
  const { one, size, budget } = task;
  const ready = await prepare(task, size);
  if (ready === undefined) return undefined;
  await checkedRun(task, ready, size);
  const began = performance.now();
  let warmed = 0;
  do {
    await ready.run();
    warmed += 1;
  } while (performance.now() - began < budget / 3);
  const each = (performance.now() - began) / warmed;
  const runs = Math.max(1, Math.round(budget / STRETCHES / each));
  const stretches = Math.max(2, Math.min(STRETCHES, Math.round(budget / each)));
  const times: number[] = [];
  for (let stretch = 0; stretch < stretches; stretch++) {
    let answer: unknown;
    const start = performance.now();
    for (let run = 0; run < runs; run++) answer = await ready.run();
    times.push((performance.now() - start) / runs);
    check(task, answer, size);
  }
  await ready.close?.();
  return { value: one.perRun(median(times), size), ...memoryNow() };
}

/** What a process pays that has just begun: nothing is warmed up, and what compiles beside the program counts. */
async function cold(task: Task): Promise<Figures | undefined> {
  const { one, size, loadMilliseconds } = task;
  const [from, to] = one.runs!;
  const folder = task.folder();
  const beforeBuild = processorTime();
  const ready = await prepare(task, size, { folder });
  if (ready === undefined) return undefined;
  const beforeFirst = processorTime();
  await checkedRun(task, ready, size);
  const afterFirst = processorTime();
  for (let run = 2; run < from; run++) await ready.run();
  let answer: unknown;
  const began = processorTime();
  for (let run = from; run <= to; run++) answer = await ready.run();
  const value = one.perRun((processorTime() - began) / (to - from + 1), size);
  check(task, answer, size);
  await ready.close?.();
  return {
    value,
    loadMilliseconds,
    buildMilliseconds: beforeFirst - beforeBuild,
    firstRunMilliseconds: afterFirst - beforeFirst,
    ...memoryNow(),
  };
}

/** The first run of a process, which finds what another process made. */
async function fresh(task: Task): Promise<Figures | undefined> {
  const { one, size } = task;
  const folder = task.folder();
  await task.prepareApart(folder);
  const ready = await prepare(task, size, { folder });
  if (ready === undefined) return undefined;
  const began = processorTime();
  const answer = await ready.run();
  const value = one.perRun(processorTime() - began, size);
  check(task, answer, size);
  await ready.after?.();
  return { value, ...memoryNow() };
}

/** Milliseconds that the processor has worked for this process, on all its threads. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const MOST_RUNS = 100;

/** Runs that take long, or wait: smaller ones first, then some, for twice the time, since they are few; the median. */
async function aFewTimes(task: Task): Promise<Figures | undefined> {
  const { one, size, budget } = task;
  let first = 0;
  const tick = (): void => {
    if (first === 0) first = performance.now();
  };
  if (!(await warmUp(task, { tick }))) return undefined;
  const ready = await prepare(task, size, { tick });
  if (ready === undefined) return undefined;
  const times: number[] = [];
  const firsts: number[] = [];
  const began = performance.now();
  do {
    await ready.before?.();
    first = 0;
    const start = performance.now();
    const answer = await ready.run();
    times.push(performance.now() - start);
    await ready.after?.();
    if (first > 0) firsts.push(first - start);
    check(task, answer, size);
  } while (performance.now() - began < 2 * budget && times.length < MOST_RUNS);
  await ready.close?.();
  return {
    value: one.perRun(median(times), size),
    ...(one.mode === "first" && { firstMilliseconds: median(firsts) }),
    ...memoryNow(),
  };
}

const PART = 100;

/** The last hundred steps, and how they compare with steps 11 to 110. */
async function stepByStep(task: Task): Promise<Figures | undefined> {
  const { size } = task;
  const at = new Float64Array(size + 1);
  let count = 0;
  const tick = (): void => {
    if (count <= size) at[count++] = performance.now();
  };
  if (!(await warmUp(task, { tick }))) return undefined;
  const folder = task.folder();
  const ready = await prepare(task, size, { tick, folder });
  if (ready === undefined) return undefined;
  count = 0;
  const start = performance.now();
  const answer = await ready.run();
  const total = performance.now() - start;
  check(task, answer, size);
  await ready.close?.();
  const gaps = Array.from({ length: count - 1 }, (_, index) => (at[index + 1]! - at[index]!) * 1_000);
  const last = median(gaps.slice(-PART));
  return {
    value: last,
    growth: last / median(gaps.slice(10, 10 + PART)),
    totalMilliseconds: total,
    diskBytes: bytesIn(folder),
    ...memoryNow(),
  };
}

const WARM_TRANSITIONS = 2_000;

/** Each tenth of a very long run; what is left on the heap is counted while the clock stands. */
async function inTenths(task: Task): Promise<Figures | undefined> {
  const { one, size } = task;
  const tenth = size / 10;
  let counting = false;
  let count = 0;
  let start = 0;
  const times: number[] = [];
  const heaps: number[] = [];
  const tick = (): void => {
    count += 1;
    if (!counting || count % tenth !== 0) return;
    times.push(performance.now() - start);
    if (times.length === 1 || times.length === 10) heaps.push(heapNow());
    start = performance.now();
  };
  const warm = await prepare(task, WARM_TRANSITIONS, { tick });
  if (warm === undefined) return undefined;
  for (let run = 0; run < 20; run++) await checkedRun(task, warm, WARM_TRANSITIONS);
  await warm.close?.();
  const ready = await prepare(task, size, { tick });
  if (ready === undefined) return undefined;
  counting = true;
  count = 0;
  start = performance.now();
  const answer = await ready.run();
  check(task, answer, size);
  await ready.close?.();
  return {
    value: one.perRun(
      times.reduce((sum, time) => sum + time, 0),
      size,
    ),
    growth: times.at(-1)! / times[0]!,
    heapKilobytes: Math.round((heaps[1]! - heaps[0]!) / 1_024),
    ...memoryNow(),
  };
}

/** Memory of a run that waits in the middle, from that of all of them. */
async function held(task: Task): Promise<Figures | undefined> {
  const { size } = task;
  let warnings = 0;
  process.on("warning", () => {
    warnings += 1;
  });
  const door = { opened: Promise.withResolvers<void>() };
  const arrived = { count: 0, all: Promise.withResolvers<void>(), expected: size / 100 };
  const tick = (): void => {
    arrived.count += 1;
    if (arrived.count === arrived.expected) arrived.all.resolve();
  };
  const gate = (): Promise<void> => door.opened.promise;
  const holding = async (ready: Ready, runs: number, look: () => void): Promise<void> => {
    arrived.count = 0;
    arrived.expected = runs;
    arrived.all = Promise.withResolvers();
    door.opened = Promise.withResolvers();
    const running = ready.run();
    await arrived.all.promise;
    look();
    door.opened.resolve();
    check(task, await running, runs);
  };
  const warm = await prepare(task, size / 100, { tick, gate });
  if (warm === undefined) return undefined;
  await holding(warm, size / 100, () => {});
  const ready = await prepare(task, size, { tick, gate });
  if (ready === undefined) return undefined;
  const before = heapNow();
  let during = 0;
  await holding(ready, size, () => {
    during = heapNow();
  });
  await ready.close?.();
  return { value: (during - before) / 1_024 / size, warnings, ...memoryNow() };
}

/** A tenth of the work, checked, again and again for a while, so that what is timed is compiled. */
async function warmUp(task: Task, setting: Partial<Setting>): Promise<boolean> {
  const size = Math.max(1, task.size / 10);
  const began = performance.now();
  do {
    const ready = await prepare(task, size, setting);
    if (ready === undefined) return false;
    await ready.before?.();
    await checkedRun(task, ready, size);
    await ready.after?.();
    await ready.close?.();
  } while (performance.now() - began < task.budget / 3);
  return true;
}

async function prepare(task: Task, size: number, setting: Partial<Setting> = {}): Promise<Ready | undefined> {
  const folder = setting.folder ?? task.folder();
  return task.subject({ size, tick: () => {}, gate: () => Promise.resolve(), ...setting, folder });
}

async function checkedRun(task: Task, ready: Ready, size: number): Promise<void> {
  check(task, await ready.run(), size);
}

function check({ one }: Task, answer: unknown, size: number): void {
  if (one.isRight(answer, size)) return;
  throw new TypeError(`A wrong answer in ${one.id} of size ${size}: ${String(answer)}`);
}

function heapNow(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function memoryNow(): { readonly peakMegabytes: number } {
  return { peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1_024) };
}

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

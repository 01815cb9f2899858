import type { OrchestrationEvent, Run } from "@orch/core";
import type { AnyOrchestration, Capabilities, Host } from "@orch/core/host";
import type { ManualClock } from "../clock/manual-clock.ts";

/** A host, and the place where its runs are kept. */
export interface HostUnderTest {
  readonly capabilities: Capabilities;
  /** The time of the host, which the suite moves. Without it the suite waits in real time. */
  readonly clock?: ManualClock;
  /** Begins a process on the place. The one before it has crashed. */
  readonly begin: (crash?: HostCrash) => HostProcess;
  /** Called after the test. */
  readonly close?: () => void | Promise<void>;
}

/** When a process dies: at the `at`-th thing that it keeps, from 1. */
export interface HostCrash {
  readonly at: number;
  /** Whether the write at which it crashes is kept, as when a process dies before the store confirms the write. */
  readonly kept: boolean;
}

/** One process of a host. */
export interface HostProcess {
  /** Absent for the memory of this process. */
  readonly host?: Host;
  /** Whether the crash has come. After it nothing is kept, and nothing that the process still does counts. */
  readonly hasCrashed: () => boolean;
  /** Resumes a run of which something was kept. */
  readonly resume: (orchestration: AnyOrchestration, runId: string) => Promise<Run<unknown>>;
  /** What happened in a run, as it is kept; `undefined` when nothing of it was kept. Absent where nothing is kept. */
  readonly events?: (
    orchestration: AnyOrchestration,
    runId: string,
  ) => Promise<readonly OrchestrationEvent[] | undefined>;
  /** What is wrong with how the host lists a run that has ended as it says; empty when nothing is. */
  readonly problems?: (runId: string, status: string) => Promise<readonly string[]>;
  readonly close?: () => void | Promise<void>;
}

/** The kept runs of the sessions of one folder, whoever drives them. */
import { nearestName, textOf } from "@orch/agents";
import type { SessionStore, SessionSummary, TurnRecord } from "@orch/chat-runtime";
import type { OpenQuestion, OpenWait } from "@orch/core";
import type { RunQuery, StoredRun } from "@orch/core/host";
import { QuestionMissingError } from "../errors/question-missing-error.ts";
import { RunMissingError } from "../errors/run-missing-error.ts";
import { servedFront, servedId } from "../sessions/folder-sessions.ts";
import type { KeptHost } from "../sessions/kept-host.ts";
import { questionName, shortEnd, shortStart } from "../sessions/short-id.ts";
import { shownTitle } from "../sessions/shown-title.ts";
import type { Setup } from "../setup/compose.ts";
import type { RunLists } from "../setup/worker-host.ts";

/** A kept run: one that answers a message, or a typed run of a client of `orch serve`. */
export interface FolderRun {
  readonly run: StoredRun;
  /** As people and clients know it; `run.runId` is its id on the host. */
  readonly id: string;
  /** The message that it answers; absent for a typed run. */
  readonly answers?: AnsweredMessage;
}

/** A message of a conversation, with the turn that answers it. */
export interface AnsweredMessage {
  readonly session: SessionSummary;
  readonly turn: TurnRecord;
}

/** A question of a run that nobody has answered. */
export interface WaitingQuestion {
  /** As it may be typed; a start of it is enough. */
  readonly name: string;
  readonly of: FolderRun;
  readonly question: OpenQuestion;
}

/** A state of a run that waits for a signal. */
export interface WaitingSignal {
  readonly of: FolderRun;
  readonly wait: OpenWait;
}

/** What a run used so far. */
export interface RunSpent {
  /** Read and written. */
  readonly tokens: number;
  /** In US dollars; absent where a price is not known. */
  readonly cost?: number;
}

/** Which runs are listed. */
export interface RunListing {
  /** Those that have ended too. */
  readonly all?: boolean;
}

const PAGE = 100;
const UNDER_WAY: RunQuery = { status: ["running", "waiting"] };
const ENDS = ["completed", "failed", "cancelled"] as const;

/** The runs of one folder. Close it after use. */
export class FolderRuns {
  readonly host: KeptHost;
  readonly store: SessionStore;
  /** A host tells of each run what it cost, and reads its whole journal for that. */
  readonly #journal: RunLists;
  readonly #folder: string;
  #ids: readonly string[] | undefined;

  private constructor(host: KeptHost, store: SessionStore, journal: RunLists, folder: string) {
    this.host = host;
    this.store = store;
    this.#journal = journal;
    this.#folder = folder;
  }

  static async open(
    setup: Pick<Setup, "openSessions" | "openHost" | "openRuns" | "folder">,
  ): Promise<FolderRuns> {
    const opened: { readonly close: () => unknown }[] = [];
    const kept = <Closed extends { readonly close: () => unknown }>(one: Closed): Closed => {
      opened.unshift(one);
      return one;
    };
    try {
      const store = kept(await setup.openSessions());
      return new FolderRuns(kept(await setup.openHost()), store, await setup.openRuns(), setup.folder);
    } catch (error) {
      for (const one of opened) await one.close();
      throw error;
    }
  }

  /** Those that have not ended, or all; newest first. The file has the runs of other folders too, which are left out. */
  async list({ all = false }: RunListing = {}): Promise<readonly FolderRun[]> {
    const sessions = new Map((await this.store.list()).map((session) => [session.id, session]));
    const found: FolderRun[] = [];
    let after: string | undefined;
    for (;;) {
      const query = { ...(all ? {} : UNDER_WAY), limit: PAGE, ...(after !== undefined && { after }) };
      const page = await this.#journal.list(query);
      found.push(...(await this.#ofFolder(page, sessions)));
      if (page.length < PAGE) break;
      after = page.at(-1)?.runId;
    }
    if (all) this.#ids = found.map(({ id }) => id);
    return found;
  }

  /**
   * What runs used, by their ids on the host. Of one that has ended its turn tells; only of the others, and of typed runs, the
   * journal is read.
   */
  async spentBy(runs: readonly FolderRun[]): Promise<ReadonlyMap<string, RunSpent>> {
    const spent = new Map<string, RunSpent>();
    let [open, typed] = [0, 0];
    for (const { run, answers } of runs) {
      if (!isEnd(run.status)) open += 1;
      else if (answers === undefined) typed += 1;
      else spent.set(run.runId, spentIn(answers.turn));
    }
    if (open > 0) await this.#count(UNDER_WAY, spent);
    if (typed > 0) await this.#count({ prefix: servedFront(this.#folder), status: ENDS }, spent);
    return spent;
  }

  async #count(query: RunQuery, spent: Map<string, RunSpent>): Promise<void> {
    let after: string | undefined;
    for (;;) {
      const page = await this.host.list({ ...query, limit: PAGE, ...(after !== undefined && { after }) });
      for (const { runId, tokens, cost } of page) spent.set(runId, { tokens, cost });
      if (page.length < PAGE) return;
      after = page.at(-1)?.runId;
    }
  }

  async #ofFolder(
    page: readonly StoredRun[],
    sessions: ReadonlyMap<string, SessionSummary>,
  ): Promise<readonly FolderRun[]> {
    const turns = new Map(
      (await this.store.findTurns(page.map(({ runId }) => runId))).map((found) => [found.turn.id, found]),
    );
    return page.flatMap((run): readonly FolderRun[] => {
      const typed = servedId(this.#folder, run.runId);
      if (typed !== undefined) return [{ run, id: typed }];
      const found = turns.get(run.runId);
      const session = found && sessions.get(found.sessionId);
      return session === undefined ? [] : [{ run, id: run.runId, answers: { session, turn: found!.turn } }];
    });
  }

  /**
   * The run that `named` stands for: its id, or a start or an end of it that fits only one.
   *
   * @throws RunMissingError (`ORCH_RUN_MISSING`), with the nearest one.
   */
  async find(named: string): Promise<FolderRun> {
    const runs = await this.list({ all: true });
    const ids = runs.map(({ id }) => id);
    const wanted = named.toUpperCase();
    const fits = (id: string): boolean => {
      const upper = id.toUpperCase();
      return upper.startsWith(wanted) || upper.endsWith(wanted);
    };
    const exact = runs.find(({ run, id }) => id === named || run.runId === named);
    const near = exact === undefined ? runs.filter(({ id }) => fits(id)) : [exact];
    if (near.length === 1 && named !== "") return near[0]!;
    const shorts = near.map(({ id }) => shortEnd(id, ids));
    if (near.length > 1) throw new RunMissingError({ run: named, several: shorts });
    const ends = ids.map((id) => [id.slice(-named.length), shortEnd(id, ids)] as const);
    throw new RunMissingError({ run: named, ...nearest(named, ends) });
  }

  /** The ids of all, which a short id must not stand for. */
  async ids(): Promise<readonly string[]> {
    this.#ids ??= (await this.list({ all: true })).map(({ id }) => id);
    return this.#ids;
  }

  /** What waits for a person, the oldest question first. */
  async questions(): Promise<readonly WaitingQuestion[]> {
    const asked: WaitingQuestion[] = [];
    // The older run first, also where two asked in one millisecond.
    for (const of of (await this.list()).toReversed()) {
      const { runId } = of.run;
      // A run whose definition is not known any more is listed by `orch runs`, and asks nothing here.
      const open = await this.host
        .run(runId)
        .questions()
        .catch(() => []);
      for (const question of open) asked.push({ name: questionName(runId, question.id), of, question });
    }
    return asked.toSorted((a, b) => a.question.askedAt - b.question.askedAt);
  }

  /** What runs wait for from outside, besides answers. A run whose definition is not known any more waits for nothing here. */
  async signals(): Promise<readonly WaitingSignal[]> {
    const found: WaitingSignal[] = [];
    for (const of of await this.list()) {
      const described = await this.host
        .run(of.run.runId)
        .describe()
        .catch(() => undefined);
      for (const wait of described?.waits ?? []) if (wait.signal !== undefined) found.push({ of, wait });
    }
    return found;
  }

  /**
   * The question that `named` stands for: a start of its name, its own id, or a run that asks only one thing.
   *
   * @throws QuestionMissingError (`ORCH_QUESTION_MISSING`), with the nearest one.
   */
  async findQuestion(named: string): Promise<WaitingQuestion> {
    const asked = await this.questions();
    const wanted = named.toLowerCase();
    const near = asked.filter(
      ({ name, question, of }) =>
        name.startsWith(wanted) || question.id === named || of.id.toLowerCase().endsWith(wanted),
    );
    if (near.length === 1 && named !== "") return near[0]!;
    const open = asked.length;
    if (near.length > 1)
      throw new QuestionMissingError({ question: named, open, several: shortNames(near, asked) });
    const shorts = shortNames(asked);
    const starts = asked.map(({ name }, at) => [name.slice(0, named.length), shorts[at]!] as const);
    throw new QuestionMissingError({ question: named, open, ...nearest(named, starts) });
  }

  async close(): Promise<void> {
    await this.#journal.close();
    await this.host.close();
    await this.store.close();
  }
}

function isEnd(status: StoredRun["status"]): boolean {
  return status !== "running" && status !== "waiting";
}

/** A turn without a call used nothing, and one with a call of unknown price has no cost. */
function spentIn({ usage, cost }: TurnRecord): RunSpent {
  if (usage === undefined) return { tokens: 0, cost: 0 };
  return { tokens: usage.input + usage.output, ...(cost !== undefined && { cost }) };
}

/** The names of questions as they are shown. */
export function shortNames(
  asked: readonly WaitingQuestion[],
  among: readonly WaitingQuestion[] = asked,
): readonly string[] {
  const names = among.map(({ name }) => name);
  return asked.map(({ name }) => shortStart(name, names));
}

/** What the user said in the turn of a run, in one line; nothing for a typed run. */
export function askedBy({ answers }: FolderRun): string {
  const message = answers?.turn.messages[0];
  return message === undefined ? "" : shownTitle(textOf(message)).replaceAll(/\s+/g, " ").trim();
}

/** `known` pairs as much of each id as was typed with what is shown of it. */
function nearest(
  named: string,
  known: readonly (readonly [string, string])[],
): { readonly nearest?: string } {
  const near = nearestName(
    named,
    known.map(([typed]) => typed),
  );
  const shown = known.find(([typed]) => typed === near)?.[1];
  return shown === undefined ? {} : { nearest: shown };
}

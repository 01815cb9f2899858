import type { RestatePromise } from "@restatedev/restate-sdk";
import type { News } from "./segment.ts";
import type { SegmentParts } from "./segment-parts.ts";

/** A sleep of the engine. */
interface Sleep {
  readonly due: number;
  readonly news: RestatePromise<News>;
}

/** The times that a run waits for. However many there are, one sleep of the engine is waited for: the earliest. */
export class Sleeps {
  readonly #parts: SegmentParts;
  readonly #dues = new Map<string, number>();
  /** The sleeps that were begun and did not come, the earliest first. */
  #begun: Sleep[] = [];

  constructor(parts: SegmentParts) {
    this.#parts = parts;
  }

  want(id: string, due: number): void {
    this.#dues.set(id, due);
  }

  end(id: string): void {
    this.#dues.delete(id);
  }

  /** When the earliest is due, in milliseconds since the epoch. */
  get due(): number | undefined {
    let first: number | undefined;
    for (const due of this.#dues.values()) if (first === undefined || due < first) first = due;
    return first;
  }

  /** The first that is due by now. */
  awake(now: number): string | undefined {
    const due = [...this.#dues].filter(([, at]) => at <= now).sort(([, one], [, other]) => one - other);
    return due[0]?.[0];
  }

  /** Tells when a time has come, or an earlier one; `undefined` for a time that never comes. */
  until(due: number, now: number): RestatePromise<News> | undefined {
    if (due === Number.POSITIVE_INFINITY) return undefined;
    const [first] = this.#begun;
    if (first !== undefined && first.due <= due) return first.news;
    const news = this.#parts.ctx.sleep(Math.max(0, due - now)).map<News>(() => {
      this.#begun = this.#begun.filter((sleep) => sleep.news !== news);
      return { kind: "time", due };
    });
    this.#begun.unshift({ due, news });
    return news;
  }
}

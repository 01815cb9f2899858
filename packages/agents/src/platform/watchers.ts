/** A list whose members take themselves out: neither an array nor a function for each of them is needed. */

/** Hears of something once, or leaves before. */
export abstract class Watcher {
  /** Of the list that it is in. */
  before: Watcher | undefined;
  after: Watcher | undefined;
  list: WatcherList | undefined;

  abstract hear(): void;

  /** Hears nothing any more. */
  leave(): void {
    const { list, before, after } = this;
    if (list === undefined) return;
    this.list = undefined;
    if (before === undefined) list.first = after;
    else before.after = after;
    if (after === undefined) list.last = before;
    else after.before = before;
  }
}

/** Those that watch, in their order. */
export class WatcherList {
  first: Watcher | undefined;
  last: Watcher | undefined;

  add(watcher: Watcher): void {
    watcher.list = this;
    watcher.before = this.last;
    watcher.after = undefined;
    if (this.last === undefined) this.first = watcher;
    else this.last.after = watcher;
    this.last = watcher;
  }

  /** Tells each of them; one may make others leave, and those hear nothing. */
  tell(): void {
    for (let next = this.first; next !== undefined; next = this.first) {
      next.leave();
      next.hear();
    }
  }
}

/** A list whose members take themselves out: neither an array nor a function for each of them is needed. */

/** Hears of something once, or leaves before. */
export abstract class Follower {
  /** Of the list that it is in. */
  before: Follower | undefined;
  after: Follower | undefined;
  list: Followers | undefined;

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

/** Those who follow, in their order. */
export class Followers {
  first: Follower | undefined;
  last: Follower | undefined;

  add(follower: Follower): void {
    follower.list = this;
    follower.before = this.last;
    follower.after = undefined;
    if (this.last === undefined) this.first = follower;
    else this.last.after = follower;
    this.last = follower;
  }

  /** Tells each of them; one may make others leave, and those hear nothing. */
  tell(): void {
    for (let next = this.first; next !== undefined; next = this.first) {
      next.leave();
      next.hear();
    }
  }
}

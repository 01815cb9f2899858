/** What the compiler must say about the functions of edges, which see the input of the state that they leave. */
import { OrchestrationAdvancer, orchestration, question, runnable } from "@orch/core";
import { z } from "zod";

interface Ticket {
  readonly customer: string;
  readonly sum: number;
}
type Verdict = { readonly kind: "yes"; readonly by: string } | { readonly kind: "no" };

const take = runnable("take", (ticket: Ticket) => ticket);
const approve = question("approve", { ask: (t: Ticket) => `Refund ${t.sum}?`, answer: z.boolean() });
const judge = runnable("judge", (_: Ticket): Verdict => ({ kind: "no" }));
const refund = runnable("refund", (r: { to: string; sum: number }) => `${r.sum} to ${r.to}`);
const tell = runnable("tell", (by: string) => by);

// E22: every function sees the input, and may leave it out.
orchestration("question", (o) =>
  o
    .start(take)
    .advance(take, approve, { when: (ticket, same) => ticket.sum === same.sum })
    .advance(approve, refund, { when: (yes, t) => yes && t.sum < 9, convert: (_yes, t) => ({ to: t.customer, sum: t.sum }) })
    .finish(take, approve, refund),
);
orchestration("narrows", (o) =>
  o
    .start(judge)
    .advance(judge, tell, { when: (v, t): v is Extract<Verdict, { by: string }> => v.kind === "yes" && t.sum > 1, convert: (v, t) => v.by + t.customer })
    .finish(judge, tell),
);
class Approved extends OrchestrationAdvancer<boolean, { to: string; sum: number }, Ticket> {
  override readonly targets = [refund];
  override shouldAdvance(yes: boolean, ticket: Ticket): boolean {
    return yes && ticket.sum > 0;
  }
  override convertOutput(_yes: boolean, ticket: Ticket) {
    return { to: ticket.customer, sum: ticket.sum };
  }
}
orchestration("class", (o) => o.start(approve).advanceBy(approve, new Approved()).finish(approve, refund));

// A question that keeps what was asked.
const kept = question("kept", { ask: (t: Ticket) => `Refund ${t.sum}?`, answer: z.boolean(), keepInput: true });
const both = runnable("both", ({ input, answer }: { input: Ticket; answer: boolean }) => `${input.sum} ${answer}`);
orchestration("kept", (o) => o.start(take).advance(take, kept).advance(kept, both).finish(both));

// error: Property 'owner' does not exist on type 'Ticket'
orchestration("noField", (o) => o.start(approve).advance(approve, refund, { convert: (_yes, t) => ({ to: t.owner, sum: t.sum }) }).finish(refund));
// error: Property 'owner' does not exist on type 'Ticket'
orchestration("noFieldWhen", (o) => o.start(take).advance(take, approve, { when: (_, t) => t.owner === "" }).finish(take, approve));
// error: Type 'Ticket' is not assignable to type 'string'
orchestration("otherInput", (o) => o.start(approve).advance(approve, refund, { convert: (_yes, t: string) => ({ to: t, sum: 1 }) }).finish(refund));
// error: "the advancer reads another input than the runnable takes", { input: string; reads: Ticket; }
orchestration("otherClass", (o) => { const ask = question("ask", { ask: (text: string) => text, answer: z.boolean() }); return o.start(ask).advanceBy(ask, new Approved()).finish(ask, refund); });
// error: the advancer reads another output than the runnable gives
orchestration("otherOutput", (o) => o.start(take).advanceBy(take, new Approved()).finish(refund));

/** What the compiler must say about dossiers. */
import { dossier, orchestration, runnable } from "@orch/core";

interface Ticket {
  readonly customer: string;
}
const desk = dossier<{ ticket: Ticket; kind: string }>("desk");
const classify = runnable("classify", (_: Ticket) => "large");
const count = runnable("count", (_: Ticket) => 3);
const tell = runnable("tell", (text: string, ctx) => `${text} ${desk.of(ctx).get("ticket").customer}`);

// What is added sees what the edge sees, without types being said again.
orchestration("adds", (o) =>
  o
    .start(classify)
    .advance(classify, tell, {
      when: (kind, ticket, place) => kind === "large" && desk.of(place).find("kind") !== ticket.customer,
      add: desk.add((kind, ticket) => ({ kind, ticket })),
    })
    .advance(tell, tell, { add: desk.add((text) => ({ kind: text })), convert: (text, _input, place) => text + desk.of(place).get("kind") })
    .finish(tell, classify),
);

// error: Type 'number' is not assignable to type 'string'
orchestration("other", (o) => o.start(count).advance(count, tell, { add: desk.add((n) => ({ kind: n })), convert: String }).finish(tell));
// error: Argument of type '"owner"' is not assignable to parameter of type
runnable("noKey", (_: string, ctx) => desk.of(ctx).get("owner"));
// error: Property 'owner' does not exist on type 'Ticket'
runnable("noField", (_: string, ctx) => desk.of(ctx).get("ticket").owner);
// error: Type 'string' is not assignable to type 'number'
orchestration("reads", (o) => o.start(classify).advance(classify, tell, { add: desk.add((n: number) => ({ kind: `${n}` })) }).finish(tell));

// A misspelt name is refused, alone and beside a right one; what is added may depend on what the edge sees.
// error: Type '{ c: number; }' is not assignable to type 'never'
orchestration("misspelt", (o) => o.start(count).advance(count, tell, { add: desk.add((n) => ({ kind: `${n}`, tikcet: { c: n } })), convert: String }).finish(tell));
// error: has no properties in common with type 'Partial<{ ticket: Ticket; kind: string; }>'
orchestration("misspeltAlone", (o) => o.start(count).advance(count, tell, { add: desk.add((n) => ({ tikcet: n })), convert: String }).finish(tell));
orchestration("depends", (o) => o.start(count).advance(count, tell, { add: desk.add((n, ticket) => (n > 3 ? { kind: `${n}` } : { ticket })), convert: String }).finish(tell));

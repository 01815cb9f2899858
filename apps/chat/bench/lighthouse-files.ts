/** The flow of the pictures of the chat. */

/** A flow without a model: five places are surveyed side by side, one of them in fog, and a person decides. */
const LIGHTHOUSE = `import { each, orchestration, question, runnable, speech } from "@orch/core";

const places = { harbour: 21, cliff: 44, island: 32, reef: 6, bay: 12 };
const answer = { "~standard": { version: 1, vendor: "mine", validate: (value) =>
  typeof value === "boolean" ? { value } : { issues: [{ message: "say yes or no" }] } } };
const nap = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let fog = 1;

const plan = runnable("plan", () => ({ places: Object.keys(places) }));
const survey = runnable({ id: "survey", retry: { attempts: 2, delay: 700 }, invoke: async (place, ctx) => {
  for (const word of \`From the \${place} the light is seen twelve miles out, over the shoals and the fishing grounds.\`.split(" ")) {
    ctx.emit(speech, word + " ");
    await nap(places[place] * 4);
  }
  if (place === "reef" && fog-- > 0) throw new Error("the fog is too thick");
  ctx.spend({ inputTokens: 900 + places[place] * 10, outputTokens: 240, cost: 0.004, model: "keeper/large" });
  return { place, height: places[place], visible: place !== "bay" };
} });
const surveys = each("surveys", survey);
const approve = question("approve", { ask: (found) => \`Build on the \${found[0].place}?\`, answer });
const build = runnable("build", () => "It is built on the cliff, 44 metres above the sea.");
const leave = runnable("leave", () => "Nothing is built.");

export default orchestration("lighthouse", (o) => o
  .start(plan)
  .advance(plan, leave, { label: "no place", when: ({ places }) => places.length === 0 })
  .advance(plan, surveys, { label: "places", convert: ({ places }) => places })
  .advance(surveys, leave, { label: "none visible", when: (found) => !found.some(({ visible }) => visible) })
  .advance(surveys, approve, { label: "highest first", convert: (found) => found.toSorted((a, b) => b.height - a.height) })
  .advance(approve, build, { label: "yes", when: (yes) => yes })
  .advance(approve, leave, { label: "no" })
  .finish(build)
  .finish(leave));
`;
/** The folder in which the pictures are taken: the flow, and the configuration that names it. */
export const LIGHTHOUSE_FILES = {
  "orch.config.json":
    '{ "model": "local/extractive", "orchestrations": { "lighthouse": { "file": "./lighthouse.js" } } }',
  "lighthouse.js": LIGHTHOUSE,
};

/** LangGraph: `Send` for branches, many `invoke`s for runs. */
import { Annotation, END, Send, START, StateGraph } from "@langchain/langgraph";
import type { Subject } from "../../subject.ts";
import { addLater, numbers } from "../../work.ts";

const Fan = Annotation.Root({
  inputs: Annotation<readonly number[]>,
  outputs: Annotation<number[]>({ reducer: (left, right) => left.concat(right), default: () => [] }),
  sum: Annotation<number>,
});

/** Branches side by side. */
export const fanOut: Subject = ({ size }) => {
  const graph = new StateGraph(Fan)
    .addNode("branch", async ({ input }: { input: number }) => ({ outputs: [await addLater(input)] }))
    .addNode("total", ({ outputs }) => ({ sum: outputs.reduce((sum, output) => sum + output, 0) }))
    .addConditionalEdges(START, ({ inputs }) => inputs.map((input) => new Send("branch", { input })))
    .addEdge("branch", "total")
    .addEdge("total", END)
    .compile();
  const inputs = numbers(size);
  return { run: async () => (await graph.invoke({ inputs })).sum };
};

/** Runs side by side. */
export const many: Subject = ({ size }) => {
  const Counter = Annotation.Root({ value: Annotation<number> });
  const step = async ({ value }: { value: number }) => ({ value: await addLater(value) });
  const graph = new StateGraph(Counter)
    .addNode("a", step)
    .addNode("b", step)
    .addNode("c", step)
    .addNode("d", step)
    .addNode("e", step)
    .addEdge(START, "a")
    .addEdge("a", "b")
    .addEdge("b", "c")
    .addEdge("c", "d")
    .addEdge("d", "e")
    .addEdge("e", END)
    .compile();
  return {
    run: async () => {
      const states = await Promise.all(numbers(size).map(() => graph.invoke({ value: 0 })));
      return states.reduce((sum, { value }) => sum + value, 0);
    },
  };
};

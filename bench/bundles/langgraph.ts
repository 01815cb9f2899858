import { Annotation, END, START, StateGraph } from "@langchain/langgraph";

const flow = new StateGraph(Annotation.Root({ value: Annotation<number> }))
  .addNode("first", async ({ value }) => ({ value: value + 1 }))
  .addNode("second", async ({ value }) => ({ value: value * 2 }))
  .addEdge(START, "first")
  .addEdge("first", "second")
  .addEdge("second", END)
  .compile();
console.log(await flow.invoke({ value: 1 }));

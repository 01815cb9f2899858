/** `HttpAgent` of AG-UI, which can come back to its thread. */
import { HttpAgent } from "@ag-ui/client";

type Input = Parameters<HttpAgent["run"]>[0];

/** An agent whose `connectAgent` asks the door for the thread. */
export class ThreadAgent extends HttpAgent {
  // The client leaves a rejection unhandled when a connection breaks: here its body ends then.
  override fetch: HttpAgent["fetch"] = async (url, init) => {
    const response = await fetch(url, init);
    if (!response.ok || response.body === null) return response;
    return new Response(unlessLost(response.body), response);
  };

  protected override connect(input: Input): ReturnType<HttpAgent["run"]> {
    const again = new HttpAgent({ url: `${this.url}/connect`, headers: this.headers, fetch: this.fetch });
    this.abortController = again.abortController;
    return again.run(input);
  }
}

/** A body that ends where its connection is lost. */
function unlessLost(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        if (error instanceof Error && error.name === "AbortError") controller.error(error);
        else controller.close();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** Workers, Bun (`bun run`) and Deno (`deno serve`). */
import { server } from "./served.ts";

export default { fetch: (request: Request): Promise<Response> => server.fetch(request) };

/** Next.js: this file as `app/v1/[...path]/route.ts`, and the same as `app/sse/[...path]/route.ts`. */
import { server } from "./served.ts";

export const dynamic = "force-dynamic";
export const GET: (request: Request) => Promise<Response> = server.fetch;
export const POST: (request: Request) => Promise<Response> = server.fetch;

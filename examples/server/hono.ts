/** Hono, on any of its runtimes. */
import { Hono } from "hono";
import { server } from "./served.ts";

export const app: Hono = new Hono();
app.all("/v1/*", (context) => server.fetch(context.req.raw));
app.all("/sse/*", (context) => server.fetch(context.req.raw));

/** A process that opens a file of runs and sessions, looks, and closes it. */
import { sqliteHost } from "../src/index.ts";
import { sqliteSessions } from "../src/sessions.ts";

const [file = ""] = process.argv.slice(2);
const store = sqliteSessions({ file });
const host = sqliteHost(file);
await store.list();
await host.list();
await host.close();
await store.close();

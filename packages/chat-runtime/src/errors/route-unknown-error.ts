import { OrchError } from "@orch/core";

/** A message was to go to a route that does not exist. */
export class RouteUnknownError extends OrchError<"ORCH_ROUTE_UNKNOWN"> {
  constructor(facts: { readonly route: string; readonly routes: readonly string[] }) {
    super("ORCH_ROUTE_UNKNOWN", facts, {
      says: `There is no route "${facts.route}".`,
      fix: `Choose one of ${facts.routes.join(", ")}, or nothing for the fallback.`,
    });
  }
}

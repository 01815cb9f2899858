import { cryptoModule } from "../database/late-platform.ts";

/** A digest of several values in their order; no two different lists give the same text to digest. */
export function digest(values: readonly (string | number | null)[]): string {
  return cryptoModule().createHash("sha256").update(JSON.stringify(values)).digest("base64url");
}

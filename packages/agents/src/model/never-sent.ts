/** Whether a request never reached a server: then nothing can have been paid for it. */

/** What the platform was doing when it failed, where there was no connection yet. */
const BEFORE_SENDING: ReadonlySet<unknown> = new Set(["connect", "getaddrinfo"]);
/** Codes of the same: of undici, and of a certificate that is refused before anything is sent (RFC 5280, as OpenSSL names them). */
const CODES =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|UND_ERR_CONNECT_TIMEOUT|ERR_INVALID_URL|CERT_\w+|\w*SELF_SIGNED_CERT\w*|UNABLE_TO_(?:GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)\w*|ERR_TLS_CERT_ALTNAME_INVALID)$/;
/** Causes within causes that are followed. */
const DEPTH = 8;

/** Reads what a request threw. In doubt it was sent. */
export function neverSent(error: unknown, depth = 0): boolean {
  if (depth > DEPTH || typeof error !== "object" || error === null) return false;
  const { cause, code, errors, syscall } = error as { readonly [key: string]: unknown };
  // One try for each address of a host.
  if (Array.isArray(errors) && errors.length > 0) return errors.every((tried) => neverSent(tried, depth + 1));
  if (BEFORE_SENDING.has(syscall) || (typeof code === "string" && CODES.test(code))) return true;
  return neverSent(cause, depth + 1);
}

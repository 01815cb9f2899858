/**
 * Hosts that are reached without a proxy.
 *
 * Source: `NO_PROXY` as curl reads it (`man curl`, `--noproxy`): names with everything below them, addresses, blocks
 * of addresses like `10.0.0.0/8`, and `*` for all. Node's ports (`host:8080`) and leading `*.` are read too.
 */
import { nodeModule } from "../node-module.ts";

/** Whether a host is on this machine: no proxy could reach it. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|::1|::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4})\.?$/i.test(
    host,
  );
}

/** Whether the list excludes a host; IPv6 without brackets. `port` is the port of the address, the usual one included. */
export function isExcluded(host: string, port: string, list: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => matches(name, port, entry.toLowerCase()));
}

function matches(host: string, port: string, entry: string): boolean {
  if (entry === "*") return true;
  const [, bracketed, plain, wanted] = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  if (wanted !== undefined && wanted !== port) return false;
  // Without brackets more than one colon is of an IPv6 address.
  const what = bracketed ?? plain ?? entry;
  if (what.includes("/")) return isInside(host, what);
  if (isAddress(host)) return what.includes("*") ? isLike(host, what) : sameAddress(host, what);
  const suffix = what.replace(/^\*?\./, "").replace(/\.$/, "");
  if (suffix.includes("*")) return isLike(host, suffix);
  return suffix !== "" && (host === suffix || host.endsWith(`.${suffix}`));
}

/** A `*` stands for any characters. */
function isLike(host: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[^\w]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(host);
}

function isAddress(host: string): boolean {
  return familyOf(host) !== undefined;
}

function familyOf(host: string): "ipv4" | "ipv6" | undefined {
  if (host.includes(":")) return "ipv6";
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) ? "ipv4" : undefined;
}

function sameAddress(host: string, other: string): boolean {
  return familyOf(host) === familyOf(other) && isInside(host, `${other}/${host.includes(":") ? 128 : 32}`);
}

/** Whether an address is in a block of them. Node knows the many ways to write one. */
function isInside(host: string, block: string): boolean {
  const [base = "", bits = ""] = block.split("/");
  const family = familyOf(host);
  const net = nodeModule("node:net");
  if (family === undefined || family !== familyOf(base) || net === undefined || !/^\d+$/.test(bits))
    return false;
  if (!net.isIP(base) || !net.isIP(host) || Number(bits) > (family === "ipv4" ? 32 : 128)) return false;
  const blocks = new net.BlockList();
  blocks.addSubnet(base, Number(bits), family);
  return blocks.check(host, family);
}

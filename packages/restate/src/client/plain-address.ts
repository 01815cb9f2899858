import { refusedOption } from "../errors/refused-option.ts";

/** An address without a slash at its end. @throws OrchError `ORCH_OPTION` for what is no address. */
export function plainAddress(option: string, address: string): string {
  const isAddress = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
  if (!isAddress) throw refusedOption(option, `"${address}"`, "an address like http://127.0.0.1:8080");
  return address.replace(/\/+$/, "");
}

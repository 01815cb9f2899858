import { describe, expect, test } from "vitest";
import { isExcluded } from "./no-proxy.ts";
import { proxyRoute } from "./proxy-route.ts";

const HTTPS = { HTTPS_PROXY: "http://proxy.example:3128" };
const route = (address: string, env: { readonly [name: string]: string }) =>
  proxyRoute(new URL(address), env);

describe("A16: the proxy of an address", () => {
  test.each<[string, { readonly [name: string]: string }, string | undefined]>([
    ["https://api.example/v1", HTTPS, "http://proxy.example:3128/"],
    ["http://api.example/v1", HTTPS, undefined],
    ["http://api.example/v1", { HTTP_PROXY: "http://p:1" }, "http://p:1/"],
    ["https://api.example/v1", { HTTP_PROXY: "http://p:1" }, undefined],
    [
      "https://api.example/v1",
      { https_proxy: "http://small:1", HTTPS_PROXY: "http://large:1" },
      "http://small:1/",
    ],
    ["https://api.example/v1", { ALL_PROXY: "http://all:1" }, "http://all:1/"],
    ["http://api.example/v1", { all_proxy: "http://all:1", HTTP_PROXY: "http://p:1" }, "http://p:1/"],
    ["https://api.example/v1", { HTTPS_PROXY: "proxy.example:3128" }, "http://proxy.example:3128/"],
    ["https://api.example/v1", { HTTPS_PROXY: "https://proxy.example" }, "https://proxy.example/"],
    ["https://api.example/v1", { HTTPS_PROXY: "" }, undefined],
    ["https://api.example/v1", { HTTPS_PROXY: " ", ALL_PROXY: "http://all:1" }, "http://all:1/"],
    ["https://api.example/v1", { HTTPS_PROXY: "socks5://proxy.example:1080" }, undefined],
    ["https://api.example/v1", { HTTPS_PROXY: "http://" }, undefined],
    ["http://localhost:11434/v1", { HTTP_PROXY: "http://p:1" }, undefined],
    ["http://models.localhost/v1", { HTTP_PROXY: "http://p:1" }, undefined],
    ["http://127.0.0.1:8000/v1", { HTTP_PROXY: "http://p:1" }, undefined],
    ["http://127.9.9.9/v1", { HTTP_PROXY: "http://p:1" }, undefined],
    ["http://[::1]:8000/v1", { HTTP_PROXY: "http://p:1" }, undefined],
    ["http://[::ffff:127.0.0.1]/v1", { HTTP_PROXY: "http://p:1" }, undefined],
    ["http://localhost.example/v1", { HTTP_PROXY: "http://p:1" }, "http://p:1/"],
    ["https://api.example/v1", { ...HTTPS, NO_PROXY: "api.example" }, undefined],
    [
      "https://api.example/v1",
      { ...HTTPS, no_proxy: "other", NO_PROXY: "api.example" },
      "http://proxy.example:3128/",
    ],
  ])("of %s in %o is %s", (address, env, proxy) => {
    expect(route(address, env).proxy).toBe(proxy);
  });

  test("is shown without its user and password, and so is why none is used", () => {
    const env = { HTTPS_PROXY: "http://ada:secret-word@proxy.example:3128" };
    const { proxy, says } = route("https://api.example", env);
    expect(proxy).toContain("secret-word");
    expect(says).toBe("by way of the proxy http://proxy.example:3128 that HTTPS_PROXY names");
    expect(route("https://api.example", { ...env, no_proxy: "*" }).says).toBe(
      "not by way of HTTPS_PROXY, as no_proxy lists api.example",
    );
    expect(route("https://api.example", { HTTPS_PROXY: "socks5://ada:secret-word@x" }).says).toBe(
      "not by way of HTTPS_PROXY, which is not the address of an HTTP proxy",
    );
    expect(route("http://api.example", env)).toEqual({});
    expect(route("https://localhost", env)).toEqual({});
  });
});

describe("A16: NO_PROXY", () => {
  test.each<[string, string, boolean]>([
    ["*", "api.example", true],
    ["example", "api.example", true],
    [".example", "api.example", true],
    ["*.example", "api.example", true],
    ["api.example", "API.EXAMPLE", true],
    ["api.example.", "api.example", true],
    ["api.example", "api.example.", true],
    ["pi.example", "api.example", false],
    ["api.example", "example", false],
    ["other, api.example", "api.example", true],
    ["other api.example", "api.example", true],
    [" , ,", "api.example", false],
    ["api.example:443", "api.example", true],
    ["api.example:8443", "api.example", false],
    ["api*.example", "api7.example", true],
    ["10.0.0.0/8", "10.20.30.40", true],
    ["10.0.0.0/8", "11.20.30.40", false],
    ["10.20.30.40", "10.20.30.40", true],
    ["20.30.40", "10.20.30.40", false],
    ["10.20.*", "10.20.30.40", true],
    ["10.20.*", "10.21.30.40", false],
    ["10.0.0.0/99", "10.20.30.40", false],
    ["10.0.0.0/x", "10.20.30.40", false],
    ["999.0.0.0/8", "10.20.30.40", false],
    ["10.0.0.0/8", "ten.example", false],
    ["fd00::/8", "fd12::1", true],
    ["fd00::/8", "2001:db8::1", false],
    ["2001:db8::1", "2001:db8:0:0:0:0:0:1", true],
    ["[2001:db8::1]:443", "2001:db8::1", true],
    ["[2001:db8::1]:8443", "2001:db8::1", false],
  ])("%s and the host %s: %s", (list, host, excluded) => {
    expect(isExcluded(host, "443", list)).toBe(excluded);
  });
});

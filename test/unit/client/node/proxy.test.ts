import { describe, expect, it } from "vitest";
import { proxyFor } from "../../../../appliance/client/node/proxy.ts";

const target = { host: "support.example.org", port: 443 };

describe("the proxy for the site", () => {
  it.each([
    [{ https_proxy: "http://proxy:3128" }, "http://proxy:3128/"],
    [{ HTTPS_PROXY: "proxy:3128" }, "http://proxy:3128/"],
    [{ https_proxy: "http://near:1", HTTPS_PROXY: "http://far:2" }, "http://near:1/"],
    [{ all_proxy: "http://proxy:3128" }, "http://proxy:3128/"],
    [{ http_proxy: "http://proxy:3128" }, undefined],
    [{ https_proxy: "" }, undefined],
    [{ https_proxy: "socks5://proxy:1080" }, undefined],
    [{ https_proxy: "http://proxy:1", no_proxy: "example.org" }, undefined],
    [{ https_proxy: "http://proxy:1", no_proxy: "a, .Example.org" }, undefined],
    [{ https_proxy: "http://proxy:1", NO_PROXY: "*" }, undefined],
    [{ https_proxy: "http://proxy:1", no_proxy: "ample.org" }, "http://proxy:1/"],
    [{ https_proxy: "http://proxy:1", no_proxy: "other.example.org" }, "http://proxy:1/"],
  ])("with %j is %s", (env, expected) => {
    expect(proxyFor(target, env)?.href).toBe(expected);
  });
});

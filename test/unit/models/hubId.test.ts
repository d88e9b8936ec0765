import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatHubId, parseHubId } from "../../../src/engine/models/hubId";
import { hubSettings } from "../../../src/engine/models/hubSettings";
import { newFolder } from "./support";

describe("a hub id", () => {
  it("has an owner and a name, and may have a revision and a variant", () => {
    expect(parseHubId("onnx-community/Qwen2.5-0.5B")).toEqual({
      name: "onnx-community/Qwen2.5-0.5B",
      revision: null,
      variant: null,
    });
    expect(parseHubId("a/b@refs/pr/1:q4f16")).toEqual({ name: "a/b", revision: "refs/pr/1", variant: "q4f16" });
    for (const text of ["a/b", "a/b@v1.0", "a/b:fp16", "a/b@main:q4"])
      expect(formatHubId(parseHubId(text)!)).toBe(text);
  });

  it("is no path", () => {
    for (const text of [
      "gpt2",
      "./a/b",
      "../a",
      "/a/b",
      "C:/a",
      "C:\\a\\b",
      "a/b/c",
      "a//b",
      "a/..",
      "../..",
      "onnx/model.onnx",
      "a/b@../../x",
      "a/b@x/../y",
      "a/b@/x",
      "a--b/c",
      "a/b:",
      "a/b@",
      "a b/c",
      "",
    ]) {
      expect(parseHubId(text), text).toBeNull();
    }
  });
});

describe("the settings", () => {
  it("are those of the Hugging Face tools", () => {
    const none = newFolder();
    expect(hubSettings({ HF_HOME: none })).toEqual({
      cache: join(none, "hub"),
      endpoint: "https://huggingface.co",
      token: null,
      offline: false,
    });
    expect(hubSettings({}).cache).toBe(join(homedir(), ".cache/huggingface/hub"));
    expect(hubSettings({ XDG_CACHE_HOME: "/x" }).cache).toBe(join("/x", "huggingface", "hub"));
    const all = { HF_HOME: none, HF_HUB_CACHE: "/c", HF_ENDPOINT: "http://h/", HF_TOKEN: " t ", HF_HUB_OFFLINE: "1" };
    expect(hubSettings(all)).toEqual({ cache: "/c", endpoint: "http://h", token: "t", offline: true });
    expect(hubSettings({ HF_HOME: "~/h" }).cache).toBe(join(homedir(), "h", "hub"));
  });

  it("take the token that `hf auth login` wrote, unless told not to", () => {
    const home = newFolder();
    writeFileSync(join(home, "token"), "hf_file\n");
    mkdirSync(join(home, "other"));
    writeFileSync(join(home, "other/token"), "hf_other");
    expect(hubSettings({ HF_HOME: home }).token).toBe("hf_file");
    expect(hubSettings({ HF_HOME: home, HF_TOKEN_PATH: join(home, "other/token") }).token).toBe("hf_other");
    expect(hubSettings({ HF_HOME: home, HF_TOKEN: "hf_set" }).token).toBe("hf_set");
    expect(hubSettings({ HF_HOME: home, HF_HUB_DISABLE_IMPLICIT_TOKEN: "1" }).token).toBeNull();
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import manifest from "../../../package.json";
import texts from "../../../package.nls.json";

const root = join(import.meta.dirname, "../../..");
const properties: Readonly<Record<string, { scope?: string; markdownDescription?: string; description?: string }>> =
  manifest.contributes.configuration.properties;
const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;

describe("the manifest", () => {
  it.each(Object.entries(properties))("gives %s a scope and a description", (name, setting) => {
    expect(name).toMatch(/^relationLens\./);
    expect(["resource", "machine-overridable", "window", "application"]).toContain(setting.scope);
    expect(setting.markdownDescription ?? setting.description).toMatch(/^%.+%$/);
  });

  it("lets no folder that is not trusted choose what is read or run", () => {
    expect(untrustedWorkspaces.supported).toBe("limited");
    expect(untrustedWorkspaces.restrictedConfigurations).toEqual(
      expect.arrayContaining(["relationLens.model", "relationLens.contexts"]),
    );
    for (const name of untrustedWorkspaces.restrictedConfigurations) expect(Object.keys(properties)).toContain(name);
  });

  it("says why it is limited, in words", () => {
    const written = new Map(Object.entries<string>(texts));
    for (const { description } of [untrustedWorkspaces, virtualWorkspaces]) {
      expect(written.get(description.replaceAll("%", ""))?.length).toBeGreaterThan(20);
    }
    expect(virtualWorkspaces.supported).toBe(false);
  });

  it("runs where the files are", () => {
    expect(manifest.extensionKind).toEqual(["workspace"]);
  });

  it("is activated by nothing that happens in every window", () => {
    const ours = /^(onWebviewPanel:relationLens\.|onLanguage:(yaml|json)$)/;
    expect(manifest.activationEvents.filter((event) => !ours.test(event))).toEqual([]);
  });

  it("has an icon that the gallery accepts", () => {
    const png = readFileSync(join(root, manifest.icon));
    // Width and height stand after the signature and the head of the first chunk.
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([128, 128]);
  });
});

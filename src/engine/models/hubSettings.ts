import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where models come from and where they are kept, by the environment variables of the Hugging Face tools. */
export interface HubSettings {
  /** Folder of the cache, which Python's `huggingface_hub` shares. */
  readonly cache: string;
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly token: string | null;
  /** The network may not be used. */
  readonly offline: boolean;
}

const isSet = (value: string | undefined) => /^(1|on|yes|true)$/i.test(value ?? "");

/** Reads `HF_HOME`, `HF_HUB_CACHE`, `HF_ENDPOINT`, `HF_TOKEN`, `HF_TOKEN_PATH` and `HF_HUB_OFFLINE`. */
export function hubSettings(environment: NodeJS.ProcessEnv = process.env): HubSettings {
  const value = (name: string) => environment[name]?.trim() || undefined;
  const path = (name: string) => value(name)?.replace(/^~(?=$|[\\/])/, homedir());
  const home = path("HF_HOME") ?? join(path("XDG_CACHE_HOME") ?? join(homedir(), ".cache"), "huggingface");
  const implicit = !isSet(value("HF_HUB_DISABLE_IMPLICIT_TOKEN"));
  return {
    cache: path("HF_HUB_CACHE") ?? path("HUGGINGFACE_HUB_CACHE") ?? join(home, "hub"),
    endpoint: (value("HF_ENDPOINT") ?? "https://huggingface.co").replace(/\/+$/, ""),
    token: value("HF_TOKEN") ?? (implicit ? tokenOf(path("HF_TOKEN_PATH") ?? join(home, "token")) : null),
    offline: isSet(value("HF_HUB_OFFLINE")),
  };
}

/** Written by `hf auth login`. */
function tokenOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim() || null;
  } catch {
    return null;
  }
}

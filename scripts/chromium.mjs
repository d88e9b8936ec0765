import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./run.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
const applications = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Path of a program on the PATH, or null. */
export function findProgram(name) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

/** Path of a Chromium: `CHROMIUM` in the environment, else an installed one, else one that apt installs. */
export async function chromium() {
  const found = findChromium();
  if (found !== null) return found;
  const superuser = process.getuid?.() === 0 ? [] : findProgram("sudo") !== null ? ["sudo", "-n"] : null;
  if (superuser === null || findProgram("apt-get") === null) throw new Error(advice);
  console.error("Installing Chromium with apt-get (about a minute) …");
  // Another program may be installing at the same time.
  const apt = [...superuser, "apt-get", "-o", "DPkg::Lock::Timeout=300"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const [program, ...args] = apt;
  try {
    await run(program, [...args, "update"], { env });
    await run(program, [...args, "install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"], { env });
  } catch (error) {
    throw new Error(`${advice} (${error.message})`, { cause: error });
  }
  const installed = findChromium();
  if (installed === null) throw new Error(advice);
  return installed;
}

const advice = "No Chromium was found: install Chromium or Chrome, or set CHROMIUM to the path of its program.";

function findChromium() {
  const chosen = process.env.CHROMIUM;
  if (chosen) return chosen;
  return names.map(findProgram).find((path) => path !== null) ?? applications.find(isExecutable) ?? null;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

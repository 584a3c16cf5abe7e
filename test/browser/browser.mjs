// SPDX-License-Identifier: EUPL-1.2
// What all browser tests share: the program with a workspace, Debian's Chromium, the list of pages, TAP.
//
//   KEKIZ            the program (default build/kekiz)
//   KEKIZ_WORKSPACE  a workspace with a published release; without it one is made from the open data of Köln
//   KZ_SHARED        where that data is (default ../shared); without it the demo city is made
//   CHROMIUM         the browser (default /usr/bin/chromium)
import { spawn, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const KEKIZ = process.env.KEKIZ ?? join(ROOT, "build", "kekiz");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const SHARED = process.env.KZ_SHARED ?? join(ROOT, "..", "shared");
let WORKSPACE = process.env.KEKIZ_WORKSPACE;
let made = "";

const kekiz = (...args) => execFileSync(KEKIZ, ["--workspace", WORKSPACE, ...args], { stdio: ["ignore", "ignore", "pipe"] });

// From the files of a town to a published atlas, the way people do it.
const makeKoeln = (data) => {
  execFileSync(KEKIZ, ["init", WORKSPACE, "--name", "Köln", "--key", "05315000"], { stdio: "ignore" });
  kekiz("area", "import", join(data, "Stadtbezirk.shp"), "--level", "Stadtbezirk", "--key", "STB_NR", "--name", "STB_NAME");
  kekiz("area", "import", join(data, "Stadtteil.shp"), "--level", "Stadtteil", "--key", "STT_NR", "--name", "STT_NAME");
  kekiz("import", join(data, "bevoelkerung.csv"), "--source", "einwohner-tabelle", "--map", "koeln-bevoelkerung");
  kekiz("release", "draft", "bevoelkerung");
  kekiz("release", "protect", "bevoelkerung");
  kekiz("user", "add", "freigabe.test", "--role", "freigabe");
  kekiz("release", "publish", "bevoelkerung", "--approve", "freigabe.test");
};

const makeWorkspace = () => {
  made = mkdtempSync(join(tmpdir(), "kekiz-workspace-"));
  WORKSPACE = join(made, "workspace");
  process.on("exit", () => rmSync(made, { recursive: true, force: true }));
  const koeln = join(SHARED, "data", "koeln");
  if (existsSync(koeln)) makeKoeln(koeln);
  else execFileSync(KEKIZ, ["demo", "--size", "small", WORKSPACE], { stdio: "ignore" });
};

export const canRun = () => {
  if (!existsSync(CHROMIUM)) return "no Chromium";
  if (!existsSync(KEKIZ)) return "the program is not built";
  if (!WORKSPACE) makeWorkspace();
  if (!existsSync(join(WORKSPACE, "release.db"))) return `${WORKSPACE} has no published release`;
  return "";
};

// Serve on a free port; the program says where it listens.
export const serve = () =>
  new Promise((resolve, reject) => {
    const child = spawn(KEKIZ, ["--workspace", WORKSPACE, "serve", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    const listen = (chunk) => {
      said += chunk;
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) resolve({ url: found[0], stop: () => child.kill("SIGTERM") });
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("exit", (code) => reject(new Error(`kekiz serve ended with ${code}: ${said}`)));
    setTimeout(() => reject(new Error(`kekiz serve did not say where it listens: ${said}`)), 10000).unref();
  });

export const launch = async (more = []) => {
  const profile = mkdtempSync(join(tmpdir(), "kekiz-browser-"));
  const browser = await chromium.launch({
    executablePath: CHROMIUM, headless: true, timeout: 60000,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", ...more],
    env: { ...process.env, HOME: profile, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile },
  });
  return { browser, close: async () => { await browser.close(); rmSync(profile, { recursive: true, force: true }); } };
};

// One page of each kind, from the program's own list; all of them with KEKIZ_ALL_PAGES=1.
export const pages = () => {
  const all = execFileSync(KEKIZ, ["--workspace", WORKSPACE, "serve", "--list-pages"], { encoding: "utf8" }).trim().split("\n")
    .filter((path) => !/\.(csv|txt|xml|ico)$/.test(path) && path !== "/gesundheit");
  if (process.env.KEKIZ_ALL_PAGES) return all;
  const area = (prefix) => all.find((path) => path.startsWith(`/gebiet/${prefix}`));
  const themes = all.filter((path) => /^\/thema\/[^/]*$/.test(path));
  const kinds = ["kinderarmut", "hze", "gruenflaeche", "wanderungssaldo", "statusindex", "reichweite-luecke"].map((id) => `/thema/${id}`);
  const shown = themes.filter((path, i) => i < 5 || kinds.includes(path));
  const few = all.filter((path) => !path.startsWith("/gebiet/") && !path.startsWith("/thema/")).concat(shown);
  const areas = all.filter((path) => path.startsWith("/gebiet/"));
  const levels = [...new Set(areas.map((path) => path.replace(/-[^-]*$/, "-")))];
  for (const level of levels) few.push(areas.find((path) => path.startsWith(level)));
  const deep = areas.filter((path) => !/^\/gebiet\/(kita|schule)-/.test(path)).at(-1)?.replace("/gebiet/", "");
  few.push(`${all.find((path) => path.startsWith("/thema/"))}?gebiet=${deep}`);
  const sheet = shown.at(-1);
  few.push(`${shown[0]}/datenblatt`, `${sheet}/datenblatt`, `${sheet}/datenblatt?sprache=leicht`);
  few.push(`/lebenslauf?gebiet=${deep}`, "/thema?wort=kind", "/thema?nach=thema");
  few.push("/suche?q=a", "/suche?q=gibtesnicht", "/thema/gibtesnicht");
  return [...new Set(few.filter(Boolean))];
};

// TAP without a library.
let count = 0, failed = 0;
export const ok = (good, name, why = "") => {
  count++;
  if (!good) failed++;
  console.log(`${good ? "ok" : "not ok"} ${count} - ${name}`);
  if (!good && why) for (const line of String(why).split("\n")) console.log(`# ${line}`);
};
export const skipAll = (why) => {
  console.log(`1..0 # SKIP ${why}`);
  process.exit(0);
};
export const done = () => {
  console.log(`1..${count}`);
  process.exitCode = failed > 0 ? 1 : 0;
};

#!/usr/bin/env node
// SPDX-License-Identifier: EUPL-1.2
// run-tests: timeout=400 alone
// The internal side in a browser without JavaScript and, where it counts, by keyboard alone: sign in by a link,
// hand in a file, say what its columns mean, read the report, take it over, take it back, go out.  Every page on
// the way: WCAG 2.2 AA by axe at two widths, a quiet console, no sideways scroll at 320 px.
//
//   KZ_SHOTS=DIR     also pictures of every page, desk and phone
//   KZ_PICTURES=DIR  also the pictures of docs/tutorial/einlesen.md
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT, done, launch, ok, skipAll } from "./browser.mjs";

const KEKIZ = process.env.KEKIZ ?? join(ROOT, "build", "kekiz");
if (!existsSync(process.env.CHROMIUM ?? "/usr/bin/chromium")) skipAll("no Chromium");
if (!existsSync(KEKIZ)) skipAll("the program is not built");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SHOTS = process.env.KZ_SHOTS;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });

const PICTURES = process.env.KZ_PICTURES;
const TUTORIAL = { "map-empty": ["einlesen-zuordnung.png", 1180], "report-warnings": ["einlesen-bericht.png", 1120], result: ["einlesen-ergebnis.png", 820] };

const folder = mkdtempSync(join(tmpdir(), "kekiz-desk-"));
const workspace = join(folder, "w");
const kekiz = (...args) => execFileSync(KEKIZ, ["--workspace", workspace, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
const squares = (keys) => JSON.stringify({ type: "FeatureCollection", features: keys.map(([key, name], i) => ({ type: "Feature",
  properties: { key, name }, geometry: { type: "Polygon", coordinates: [[[7 + i / 50, 51], [7.02 + i / 50, 51], [7.02 + i / 50, 51.02], [7 + i / 50, 51.02], [7 + i / 50, 51]]] } })) });
const AREAS = [["101", "Altstadt"], ["102", "Nordhafen"], ["103", "Südfeld"], ["104", "Ährenviertel"]];
execFileSync(KEKIZ, ["init", workspace, "--name", "Neustadt", "--key", "05315000"], { stdio: "ignore" });
writeFileSync(join(folder, "teile.geojson"), squares(AREAS));
kekiz("area", "import", join(folder, "teile.geojson"), "--level", "Stadtteil", "--key", "key", "--name", "name");
kekiz("user", "add", "meier", "--role", "statistik");
kekiz("user", "add", "kurt", "--role", "fachplanung");

// Columns that nobody knows yet, one name that does not fit its key, one sign.
const rows = AREAS.flatMap(([key, name], i) => [2023, 2024].flatMap((year) => [
  [key, i === 2 ? "Nordfeld" : name, year, "Einwohner", 4000 + 700 * i + year - 2023],
  [key, i === 2 ? "Nordfeld" : name, year, "unter 3", i === 3 ? "." : 120 + 11 * i]]));
const file = join(folder, "Bestand Neustadt.csv");
writeFileSync(file, `Gebiet;Bezeichnung;Stand;Was;Zahl;Bemerkung\n${rows.map((r) => [...r, ""].join(";")).join("\n")}\n`);

const serve = () => new Promise((resolve, reject) => {
  const child = spawn(KEKIZ, ["--workspace", workspace, "serve", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.on("data", (chunk) => resolve({ url: String(chunk).trim().replace(/\/$/, ""), stop: () => new Promise((gone) => { child.on("exit", gone); child.kill("SIGTERM"); }) }));
  child.on("exit", (code) => reject(new Error(`kekiz serve ended with ${code}`)));
});
const server = await serve();
const link = (name) => kekiz("user", "link", name, "--url", server.url).trim();
const { browser, close } = await launch(["--font-render-hinting=none"]);
const plain = await browser.newContext({ viewport: { width: 1280, height: 800 }, javaScriptEnabled: false });
const scripted = await browser.newContext({ viewport: { width: 1280, height: 800 } });
const page = await plain.newPage();

// The page that the journey is at, looked at with axe in a second window of the same session.
let number = 0;
const inspect = async (name, expected = 200) => {
  await scripted.clearCookies();
  await scripted.addCookies(await plain.cookies());
  const twin = await scripted.newPage(), noise = [];
  twin.on("console", (m) => { if (["error", "warning"].includes(m.type()) && !m.text().includes(`${expected}`)) noise.push(m.text()); });
  const answer = await twin.goto(page.url(), { waitUntil: "load" });
  ok(answer.status() === expected, `${name}: answers ${expected}`, answer.status());
  ok(answer.headers()["cache-control"] === "no-store", `${name}: nobody keeps it`, answer.headers()["cache-control"]);
  await twin.evaluate(() => document.fonts.ready);
  await twin.evaluate(axe);
  number++;
  for (const width of [1280, 360]) {
    await twin.setViewportSize({ width, height: 800 });
    const result = await twin.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), TAGS);
    ok(result.violations.length === 0, `${name} at ${width}: axe finds nothing`,
      result.violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.slice(0, 3).map((n) => `  ${n.html.slice(0, 200)}`).join("\n")}`).join("\n"));
    if (SHOTS) await twin.screenshot({ path: join(SHOTS, `${String(number).padStart(2, "0")}-${name.replace(/[^a-z0-9]+/gi, "-")}-${width}.png`), fullPage: true });
  }
  await twin.setViewportSize({ width: 320, height: 800 });
  const wide = await twin.evaluate(() => document.documentElement.scrollWidth);
  ok(wide <= 320, `${name}: no sideways scroll at 320`, await twin.evaluate(() => [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > 321).slice(0, 5).map((e) => e.outerHTML.slice(0, 140)).join("\n")));
  if (PICTURES && TUTORIAL[name]) {
    const small = await browser.newContext({ viewport: { width: 1100, height: TUTORIAL[name][1] }, deviceScaleFactor: 0.75 });
    await small.addCookies(await plain.cookies());
    const picture = await small.newPage();
    await picture.goto(page.url());
    await picture.evaluate(() => document.fonts.ready);
    await picture.screenshot({ path: join(PICTURES, TUTORIAL[name][0]) });
    await small.close();
  }
  ok(noise.length === 0, `${name}: a quiet console`, noise.join("\n"));
  ok((await twin.locator("h1").count()) === 1 && (await twin.locator("script").count()) === 0, `${name}: one heading, no script`);
  await twin.close();
};
const heading = () => page.locator("h1").innerText();
// Tab until the element with this text has the focus, then Enter.
const byKeyboard = async (text) => {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press("Tab");
    if ((await page.locator(":focus").count()) && (await page.locator(":focus").innerText().catch(() => "")).trim() === text) {
      await Promise.all([page.waitForLoadState("load"), page.keyboard.press("Enter")]);
      return true;
    }
  }
  return false;
};
// The same without the way there.
const press = async (text) => {
  await Promise.all([page.waitForEvent("load"), page.locator("a, button").filter({ hasText: text }).last().press("Enter")]);
};
const settle = async () => {
  for (let i = 0; i < 80 && /^(|Die Datei wird geprüft|Die Daten werden eingelesen)$/.test(await heading().catch(() => "")); i++)
    await page.waitForTimeout(250);
  await page.waitForLoadState("load");
};

try {
  // a guest sees the same wherever he knocks
  await page.goto(`${server.url}/intern/verlauf`);
  await inspect("guest", 401);
  const known = await page.content();
  await page.goto(`${server.url}/intern/gibtesnicht`);
  ok((await page.content()) === known, "what exists and what does not look the same to a guest");

  // in, by keyboard
  await page.goto(link("meier"));
  await inspect("sign-in");
  ok(await byKeyboard("Anmelden"), "the keyboard reaches the button");
  await page.waitForURL(/\/intern$/);
  ok((await heading()) === "Das steht an", "signing in leads to what is to be done", await heading());
  const cookie = (await plain.cookies()).find((c) => c.name === "kekiz");
  ok(cookie?.httpOnly && cookie.sameSite === "Lax" && cookie.path === "/" && cookie.expires === -1, "the cookie is for this session only", JSON.stringify(cookie));
  await inspect("start-empty");

  // choose a source and hand in a file, by keyboard but for the picker of the system
  ok(await byKeyboard("Daten einlesen"), "the keyboard reaches the menu");
  await inspect("sources");
  ok(await byKeyboard("Einwohnertabelle: Bestand nach Gebiet, Jahr und Merkmal"), "the keyboard reaches a source");
  await inspect("source");
  await page.setInputFiles("#datei", file);
  ok(await byKeyboard("Datei prüfen"), "the keyboard reaches the check");
  await settle();
  ok((await heading()) === "Eine Angabe fehlt", "columns that nobody knows are asked for", await heading());
  await inspect("no-map");

  // say what the columns mean
  await press("Spalten zuordnen");
  await inspect("map-empty");
  await page.selectOption("#f-gebiet", "Gebiet");
  await page.selectOption("#f-gebietsname", "Bezeichnung");
  await page.selectOption("#f-zeitspalte", "Stand");
  await page.selectOption("#f-merkmal", "Was");
  await page.selectOption("#f-wert", "Zahl");
  await page.fill("#f-merkmale", "Einwohner = pop\nunter drei = age_00_03");
  await press("Mit dieser Zuordnung prüfen");
  await settle();
  ok(/Fehler/.test(await heading()), "a label without a rule is an error", await heading());
  ok((await page.locator("#bericht tbody tr").count()) > 0 && (await page.locator("#bericht").innerText()).includes("unter 3"), "the report names the label");
  await inspect("report-errors");
  await press("Zuordnung ansehen und ändern");
  await press("als Text");
  await inspect("map-text");
  await page.fill("#f-text", (await page.inputValue("#f-text")).replace("unter drei", "unter 3"));
  await press("Mit dieser Zuordnung prüfen");
  await settle();
  ok(/Warnung/.test(await heading()), "a name that does not fit its key is a warning", await heading());
  await inspect("report-warnings");

  // files of the report
  const run = page.url().split("?")[0];
  const csv = await page.request.get(`${run}/bericht.csv`);
  ok(csv.status() === 200 && (await csv.text()).includes("check.area_name") && /attachment/.test(csv.headers()["content-disposition"]), "the report is a CSV file, too");
  const xlsx = await page.request.get(`${run}/bericht.xlsx`);
  ok((await xlsx.body()).subarray(0, 2).toString() === "PK", "and an XLSX file");

  // not without a tick

  await press("Übernehmen");
  ok(page.url().includes("fehlt=1") && (await page.locator("[role=alert]").count()) === 1, "nothing is taken over as long as a warning is not ticked", page.url());
  ok(kekiz("import", "list").trim().split("\n").length === 1, "and nothing was");
  for (const box of await page.locator(".kk-tick input[name^='w.']").all()) await box.press("Space");
  await press("Übernehmen");
  await page.waitForURL(/verlauf\/1/);
  ok((await heading()) === "Bestand Neustadt.csv ist eingelesen", "the result says so", await heading());
  await inspect("result");
  ok((await page.request.get(run)).url().includes("/intern/verlauf/1"), "the address of the check leads to the import");

  // history, and the second delivery asks nothing
  await press("Verlauf");
  ok((await page.locator("tbody tr").count()) === 1, "the history has it");
  await inspect("history");
  await press("Das steht an");
  await inspect("start");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll("Nordfeld", "Südfeld").replace("4000", "4001"));
  await page.goto(`${server.url}/intern/einlesen/quelle/einwohner-tabelle`);
  await page.setInputFiles("#datei", file);
  await press("Datei prüfen");
  await settle();
  ok((await heading()) === "Bereit zum Übernehmen", "a second delivery with these columns asks nothing", await heading());
  await inspect("report-ready");
  await press("Übernehmen");
  await page.waitForURL(/verlauf\/2/);

  // taking back: first the later one
  await page.goto(`${server.url}/intern/verlauf/1`);
  await press("Zurücknehmen …");
  await inspect("undo");
  ok(await byKeyboard("Zurücknehmen"), "the keyboard reaches the confirmation");
  await page.waitForSelector("[role=alert]", { timeout: 10000 });
  ok((await page.locator("[role=alert]").innerText()).includes("2"), "an import that others stand on says which one goes first");
  await inspect("undo-later");
  for (const id of [2, 1]) {
    await page.goto(`${server.url}/intern/verlauf/${id}/zuruecknehmen`);
    await press("Zurücknehmen");
    for (let i = 0; i < 40 && !(await page.locator(".kk-lead").innerText()).includes("Zurückgenommen"); i++) {
      await page.waitForTimeout(250);
      await page.reload();
    }
    ok((await page.locator(".kk-lead").innerText()).includes("Zurückgenommen"), `import ${id} was taken back`);
  }
  await inspect("import-undone");

  await page.goto(`${server.url}/intern/status?pruefen=1`);
  ok((await page.locator("#pruefung").innerText()).includes("nichts gefunden"), "the workspace is sound", await page.locator("#pruefung").innerText());
  await inspect("status");

  // out
  ok(await byKeyboard("Abmelden"), "the keyboard reaches the way out");
  ok((await page.locator("[role=status]").innerText()) === "Sie sind abgemeldet.", "going out is confirmed");
  await inspect("signed-out");
  await plain.addCookies([cookie]);
  ok((await page.goto(`${server.url}/intern`)).status() === 401, "the old cookie opens nothing");

  // another role
  await page.goto(link("kurt"));
  await press("Anmelden");
  await page.waitForURL(/\/intern$/);
  ok((await page.locator("nav").first().innerText()).includes("Verlauf") === false, "a planner is not shown the imports");
  ok((await page.goto(`${server.url}/intern/verlauf`)).status() === 403, "and may not see them");
  await inspect("denied", 403);
} finally {
  await close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
done();

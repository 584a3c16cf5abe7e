#!/usr/bin/env node
// SPDX-License-Identifier: EUPL-1.2
// run-tests: timeout=400 alone
// Every kind of page: WCAG 2.2 AA by axe at two widths, nothing in the console, nothing from elsewhere,
// no sideways scroll at 320 px (= 400 % zoom), the same without JavaScript.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { canRun, done, launch, ok, pages, serve, skipAll } from "./browser.mjs";

const why = canRun();
if (why) skipAll(why);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const server = await serve();
const { browser, close } = await launch();
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const plain = await browser.newContext({ viewport: { width: 1280, height: 800 }, javaScriptEnabled: false });
  for (const path of pages()) {
    const expected = path.startsWith("/thema/gibtesnicht") ? 404 : 200;
    const page = await context.newPage();
    const noise = [], elsewhere = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()) && !(expected !== 200 && message.text().includes(`${expected}`))) noise.push(message.text());
    });
    page.on("pageerror", (error) => noise.push(String(error)));
    page.on("request", (request) => { if (!request.url().startsWith(server.url) && !request.url().startsWith("data:")) elsewhere.push(request.url()); });
    const answer = await page.goto(server.url + path, { waitUntil: "load" });
    ok(answer.status() === expected, `${path}: answers ${expected}`, answer.status());
    const csp = answer.headers()["content-security-policy"] ?? "";
    ok(csp.includes("default-src 'none'") && !csp.includes("unsafe"), `${path}: a strict policy`, csp);
    await page.evaluate(() => document.fonts.ready);
    await page.evaluate(axe); // put in by the debugger, which the policy of the page does not bind
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      const result = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), TAGS);
      ok(result.violations.length === 0, `${path} at ${width}: axe finds nothing`,
        result.violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.slice(0, 3).map((n) => `  ${n.html.slice(0, 160)}`).join("\n")}`).join("\n"));
    }
    await page.setViewportSize({ width: 320, height: 800 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    ok(wide <= 320, `${path}: no sideways scroll at 320`, await page.evaluate(() => [...document.querySelectorAll("body *")]
      .filter((e) => e.getBoundingClientRect().right > 321).slice(0, 5).map((e) => e.outerHTML.slice(0, 120)).join("\n")));
    ok(noise.length === 0, `${path}: a quiet console`, noise.join("\n"));
    ok(elsewhere.length === 0, `${path}: nothing from elsewhere`, elsewhere.join("\n"));
    await page.close();

    const still = await plain.newPage();
    await still.goto(server.url + path, { waitUntil: "domcontentloaded" });
    ok((await still.locator("h1").count()) === 1 && (await still.locator("main").innerText()).length > 40, `${path}: has its content without JavaScript`);
    await still.close();
  }
} finally {
  await close();
  server.stop();
}
done();

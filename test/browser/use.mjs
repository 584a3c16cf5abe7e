#!/usr/bin/env node
// SPDX-License-Identifier: EUPL-1.2
// What people do with the pages: search, choose, sort, read a hidden cell, use the keyboard, print.
import { canRun, done, launch, ok, pages, serve, skipAll } from "./browser.mjs";

const why = canRun();
if (why) skipAll(why);
const server = await serve();
const { browser, close } = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const theme = pages().find((path) => /^\/thema\/[^?]+$/.test(path) && path.includes("kinder")) ?? pages().find((path) => path.startsWith("/thema/"));

  // the keyboard reaches skip link, menu, filter and table in this order
  await page.goto(server.url + theme);
  const reached = [];
  for (let i = 0; i < 40 && !reached.includes("region"); i++) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement.getAttribute("role") ?? document.activeElement.id ?? document.activeElement.tagName)
      || await page.evaluate(() => document.activeElement.className || document.activeElement.tagName));
  }
  ok(reached[0] === "kk-skip", "the first stop is the way to the content", reached[0]);
  ok(reached.indexOf("gebiet") > 0 && reached.indexOf("jahr") > reached.indexOf("gebiet"), "the keyboard reaches the filter", reached.join(" "));
  ok(reached.includes("region"), "the keyboard reaches the table that scrolls", reached.join(" "));

  // choose an area by the form
  const slug = await page.locator("#gebiet optgroup option").last().getAttribute("value");
  const name = await page.locator("#gebiet optgroup option").last().innerText();
  await page.selectOption("#gebiet", slug);
  await page.click("form.kk-form button");
  ok(page.url().includes(`gebiet=${slug}`), "the choice stands in the address", page.url());
  ok((await page.locator(".kk-lead").innerText()).includes(name), "the sentence speaks of the chosen area", await page.locator(".kk-lead").innerText());
  ok((await page.locator("tr.own").count()) === 1, "its row is marked");

  // sort by name: DIN 5007-1, umlauts as their base letter
  const names = () => page.locator("#tabelle tbody th").allInnerTexts();
  await page.locator("#tabelle thead a").first().click();
  await page.waitForSelector("#tabelle thead th:first-child[aria-sort=ascending]");
  const key = (s) => s.toLowerCase().replaceAll("ä", "a").replaceAll("ö", "o").replaceAll("ü", "u").replaceAll("ß", "ss").replace(/[^a-z0-9]/g, "");
  const found = await names();
  const wrong = found.findIndex((n, i) => i > 0 && key(found[i - 1]) > key(n));
  ok(found.length > 1 && wrong < 0, "names sort by DIN 5007", `${found[wrong - 1]} before ${found[wrong]}`);
  await page.locator("#tabelle thead a").first().click();
  await page.waitForSelector("#tabelle thead th:first-child[aria-sort=descending]");
  ok((await names()).join() === found.reverse().join(), "a second click turns the order round");
  ok(page.url().includes("sort=name-ab"), "the order stands in the address", page.url());

  // the table does not say more than the file, and a hidden cell is a point with its reason
  const file = await (await page.request.get(server.url + (await page.locator("a[href*='.csv']").first().getAttribute("href")))).text();
  const rows = file.trim().split("\n").slice(1);
  ok(rows.length === found.length + 1, "the file has the rows of the table and the city", `${rows.length} and ${found.length}`);
  const hidden = rows.filter((row) => row.includes(",hidden,"));
  const points = await page.locator("#tabelle tbody tr td:nth-child(2) abbr").allInnerTexts();
  ok(points.length === hidden.length && points.every((t) => t === "."), "hidden cells are a point, as many as in the file", `${points.length} and ${hidden.length}`);
  ok(hidden.every((row) => /,,,,,,,,hidden,\.$/.test(row)), "a hidden row of the file has no number", hidden[0]);

  // search
  await page.goto(`${server.url}/`);
  await page.fill("#q", name.slice(0, 5).toUpperCase());
  await page.keyboard.press("Enter");
  await page.waitForURL(/suche/);
  ok((await page.locator(`a[href$="${slug}"]`).count()) === 1, "search finds an area by the beginning of its name in any case", page.url());

  // print
  await page.goto(`${server.url}/gebiet/${slug}`);
  await page.emulateMedia({ media: "print" });
  ok(!(await page.locator(".kk-nav").isVisible()) && (await page.locator(".kk-print").isVisible()), "the printed sheet has its address and no menu");
  const pdf = await page.pdf({ preferCSSPageSize: true });
  ok(pdf.length > 10000, "the page prints");
  await page.close();
} finally {
  await close();
  server.stop();
}
done();

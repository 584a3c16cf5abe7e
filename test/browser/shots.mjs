// SPDX-License-Identifier: EUPL-1.2
// Pictures of pages, desk and phone, and the printed sheet, for looking at them.
//
// usage: KEKIZ_WORKSPACE=DIR node shots.mjs [OUT [PATH …]]     default /tmp/kekiz-shots, one of each kind
//        KEKIZ_WORKSPACE=DIR node shots.mjs --readme FILE      the picture of the README: the head of a theme
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { canRun, launch, pages, serve } from "./browser.mjs";

const why = canRun();
if (why) {
  console.error(`shots: ${why}`);
  process.exit(1);
}
const [out = "/tmp/kekiz-shots", ...asked] = process.argv.slice(2);
const readme = out === "--readme" ? asked.shift() : "";
mkdirSync(readme ? dirname(readme) : out, { recursive: true });
const server = await serve();
const { browser, close } = await launch(["--font-render-hinting=none"]);
const shootReadme = async () => {
  const page = await browser.newPage({ viewport: { width: 1200, height: 1130 }, deviceScaleFactor: 0.75 });
  await page.goto(`${server.url}/thema/kinder-u6`);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: readme });
  console.log(readme);
};
const shootAll = async () => {
  for (const path of asked.length ? asked : pages()) {
    const name = path.replace(/^\//, "").replace(/[^A-Za-z0-9-]+/g, "_") || "start";
    for (const [kind, width, scale] of [["desk", 1280, 1], ["phone", 360, 2]]) {
      const page = await browser.newPage({ viewport: { width, height: 800 }, deviceScaleFactor: scale });
      await page.goto(server.url + path);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: join(out, `${name}-${kind}.png`), fullPage: true });
      if (kind === "desk") await page.pdf({ path: join(out, `${name}.pdf`), preferCSSPageSize: true, printBackground: true });
      await page.close();
    }
    console.log(join(out, name));
  }
};
try {
  await (readme ? shootReadme() : shootAll());
} finally {
  await close();
  server.stop();
}

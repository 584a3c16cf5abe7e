// SPDX-License-Identifier: EUPL-1.2
// Comfort only: every page works without this file.
// 1. Sorting a table replaces the table, not the page.  2. A row and its area on the map light up together.

const swapTable = async (link) => {
  const section = link.closest("section[id]");
  const scrolled = section.querySelector(".kk-scroll")?.scrollLeft ?? 0;
  const text = link.textContent;
  const answer = await fetch(link.href);
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(section.id);
  if (!fresh) throw new Error("no table");
  section.replaceWith(document.adoptNode(fresh));
  history.replaceState(null, "", link.href);
  const box = fresh.querySelector(".kk-scroll");
  if (box) box.scrollLeft = scrolled;
  [...fresh.querySelectorAll("thead a")].find((a) => a.textContent === text)?.focus();
};

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("thead a");
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  swapTable(link).catch(() => { location.href = link.href; });
});

const light = (event, on) => {
  const at = event.target.closest?.("[data-a]");
  if (!at) return;
  for (const shape of document.querySelectorAll(`use[data-a="${at.dataset.a}"]`)) shape.classList.toggle("kk-hot", on);
  for (const row of document.querySelectorAll(`tr[data-a="${at.dataset.a}"]`)) row.classList.toggle("hot", on);
};
document.addEventListener("pointerover", (event) => light(event, true));
document.addEventListener("pointerout", (event) => light(event, false));

// One section of a long form at a time. Without scripts all of them stand below one another, and the links lead there.

const editor = document.querySelector("[data-tabs]");
const tabs = [...editor.querySelectorAll("[data-tab]")];
const wide = matchMedia("(min-width: 75rem)");

// On a wide screen the preview stands beside the form; on others it is a section of its own.
function open(key, { focus = false } = {}) {
  if (!tabs.some((tab) => tab.dataset.tab === key)) return;
  editor.dataset.shown = key;
  for (const tab of tabs) {
    if (tab.dataset.tab === key) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
  for (const section of editor.querySelectorAll("[data-section]")) {
    section.hidden = section.dataset.section !== key && !(wide.matches && section.dataset.section === "preview");
  }
  editor.querySelector("#type-form").hidden = key === "preview" && !wide.matches;
  if (key !== "preview") editor.querySelector("[data-open-section]").value = key;
  if (focus) document.getElementById(key)?.focus();
}

function shown() {
  return location.hash.slice(1);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-tab], [data-leads-to]");
  if (!link) return;
  const key = link.dataset.tab ?? link.dataset.leadsTo;
  const target = link.hash.slice(1);
  event.preventDefault();
  open(key);
  history.replaceState(null, "", `#${key}`);
  if (link.dataset.tab) scrollTo({ top: Math.min(scrollY, editor.offsetTop - 16) });
  else document.getElementById(target)?.focus();
});
addEventListener("hashchange", () => open(shown()));
wide.addEventListener("change", () => open(wide.matches && editor.dataset.shown === "preview" ? editor.dataset.open : editor.dataset.shown));
editor.classList.add("is-tabbed");
// What is wrong comes first; otherwise the section that the address names.
const isRefused = editor.querySelector(".tab-wrong");
open(!isRefused && tabs.some((tab) => tab.dataset.tab === shown()) ? shown() : editor.dataset.open);

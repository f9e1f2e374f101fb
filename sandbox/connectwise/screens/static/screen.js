/** Pages that follow what happens: forms without a reload, and live regions that are read again after every change. */

import { askPods } from "./pod.js";

const EVERY = 1500;
const watched = document.body.dataset.watch;
let known;

/**
 * Read the page again and put its live regions in the place of ours; what is new there is marked for a moment. Tells
 * whether all of them are as they should be: one with a form that somebody is filling in is left alone.
 */
export async function refresh() {
  const response = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!response.ok) return false;
  let isComplete = true;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const region of document.querySelectorAll("[data-live]")) {
    const fresh = page.querySelector(`[data-live="${region.dataset.live}"]`);
    if (!fresh || fresh.innerHTML === region.innerHTML) continue;
    if (region.contains(document.activeElement?.closest("form"))) {
      isComplete = false;
      continue;
    }
    const keys = new Set([...region.querySelectorAll("[data-key]")].map((element) => element.dataset.key));
    region.replaceChildren(...fresh.childNodes);
    for (const element of region.querySelectorAll("[data-key]")) {
      if (!keys.has(element.dataset.key)) element.classList.add("fresh");
    }
  }
  return isComplete;
}

async function look() {
  if (document.hidden) return;
  try {
    const revision = (await (await fetch("/sandbox/revision")).json())[watched];
    // The first look reads the page again, too: something may have happened since it was drawn.
    if (revision !== known && await refresh()) known = revision;
  } catch {
    // The server is away; the next look will tell.
  }
}

function say(text) {
  const notice = document.querySelector(".notice");
  notice.textContent = text;
  notice.hidden = !text;
  if (text) setTimeout(() => say(""), 6000);
}

async function send(form, submitter) {
  if ("saves" in form.dataset) {
    const errors = await askPods("beforeSave");
    if (errors.length) return say(errors.join(" "));
  }
  const response = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form, submitter)),
    headers: { accept: "application/json, text/html" },
  });
  if (!response.ok) {
    const { reasons } = await response.json().catch(() => ({ reasons: ["That did not work."] }));
    return say(reasons.join(" "));
  }
  form.querySelectorAll("textarea").forEach((field) => (field.value = ""));
  document.activeElement?.blur();
  await refresh();
}

document.addEventListener("submit", (event) => {
  if (!("quiet" in event.target.dataset)) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("change", (event) => {
  if ("submitOnChange" in event.target.dataset) event.target.form.requestSubmit();
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-leave]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const errors = await askPods("beforeBack");
  if (errors.length) say(errors.join(" "));
  else location.assign(link.href);
});

document.addEventListener("psa:refresh", refresh);
if (document.querySelector("[data-live]")) setInterval(look, EVERY);
look();

// Makes the booking pages quicker for those who have scripts; everything works without.

const AWAY_MS = 60_000;
const MOST_ZONES = 7;
const times = document.getElementById("times");
let allZones = [];

if (times) {
  watchForms();
  watchReturn();
  makeZonesSearchable(document.getElementById("zone-select"));
  useOwnZone();
}
watchSubmits();

// The first visit names no zone: show the browser's own instead of the account's.
function useOwnZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!("guess" in times.dataset) || !zone || zone === shown().zone) return;
  const values = new URLSearchParams(location.search);
  values.set("zone", zone);
  load(values, { remember: "replace" });
}

// Other weeks and zones come as a part of the page.
function watchForms() {
  document.addEventListener("submit", (event) => {
    const kind = event.target.dataset.swap;
    if (!kind) return;
    event.preventDefault();
    const values = new URLSearchParams(new FormData(event.target, event.submitter));
    if (kind === "zone" && shown().from) values.set("from", shown().from);
    const isPost = event.target.method === "post";
    const key = event.submitter?.dataset.key;
    load(values, { isPost, remember: isPost ? "" : "push", aloud: true }).then((isLoaded) => {
      if (!isLoaded) sendPlainly(event.target, event.submitter);
      else if (kind === "zone") closeZones();
      else focusOn(key);
    });
  });
  addEventListener("popstate", async () => {
    if (!await load(new URLSearchParams(location.search), {})) location.reload();
  });
}

// Ask for the whole page instead: it says what is wrong, and keeps what was typed.
function sendPlainly(form, submitter) {
  if (submitter?.name) form.append(hidden(submitter.name, submitter.value));
  form.submit();
}

function hidden(name, value) {
  return Object.assign(document.createElement("input"), { type: "hidden", name, value });
}

function closeZones() {
  const zones = document.getElementById("zone");
  zones.open = false;
  zones.querySelector("summary").focus();
}

function focusOn(key) {
  const button = key && times.querySelector(`[data-key="${key}"]:enabled`);
  (button || document.getElementById("week-label") || times.querySelector("button"))?.focus();
}

// Somebody who comes back after a while must not see times that are long gone.
function watchReturn() {
  let left = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) left = Date.now();
    else if (left && Date.now() - left > AWAY_MS) {
      const form = document.getElementById("turn");
      const values = new URLSearchParams(new FormData(form));
      if (shown().from) values.set("from", shown().from);
      load(values, { isPost: form.method === "post" });
    }
  });
}

function shown() {
  return times.firstElementChild.dataset;
}

// Show the part of the page for these values, and tell whether it came. Focus and chosen day stay where they were.
async function load(values, { isPost = false, remember = "", aloud = false }) {
  times.ariaBusy = "true";
  const day = times.querySelector(".chip :checked")?.value;
  const focused = times.contains(document.activeElement) ? document.activeElement.value : null;
  const address = times.dataset.fragment;
  try {
    const answer = isPost
      ? await fetch(address, { method: "POST", body: values })
      : await fetch(`${address}?${values}`);
    if (!answer.ok) return false;
    times.innerHTML = await answer.text();
  } catch {
    return false;
  } finally {
    times.ariaBusy = null;
  }
  const same = [...times.querySelectorAll(".chip input:enabled")].find((input) => input.value === day);
  if (same) same.checked = true;
  if (focused) [...times.querySelectorAll("button, input")].find((one) => one.value === focused)?.focus();
  if (remember) history[`${remember}State`](null, "", `${times.dataset.page}?${values}`);
  document.getElementById("zone-label").textContent = shown().zoneLabel;
  selectZone(shown().zone, shown().zoneLabel);
  if (aloud) document.getElementById("announcement").textContent = shown().say;
  return true;
}

// A list to search in, in place of a menu with four hundred entries.
function makeZonesSearchable(select) {
  allZones = [...select.options];
  const search = document.createElement("input");
  search.type = "search";
  search.id = "zone-search";
  search.autocomplete = "off";
  search.placeholder = "City or time zone";
  search.setAttribute("aria-controls", select.id);
  select.labels[0].htmlFor = search.id;
  select.setAttribute("aria-label", "Time zones");
  select.size = MOST_ZONES;
  select.before(search);
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/);
    const fits = (option) => words.every((word) => `${option.text} ${option.value}`.toLowerCase().includes(word));
    const seen = new Set();
    const found = allZones.filter((option) => fits(option) && !seen.has(option.value) && seen.add(option.value));
    select.replaceChildren(...found);
    select.size = Math.min(Math.max(found.length, 2), MOST_ZONES);
    if (found[0]) select.value = found[0].value;
  });
  select.addEventListener("dblclick", () => select.form.requestSubmit());
  select.addEventListener("keydown", (event) => {
    if (event.key === "Enter") select.form.requestSubmit();
  });
}

function selectZone(zone, label) {
  const select = document.getElementById("zone-select");
  if (!allZones.some((option) => option.value === zone)) allZones.unshift(new Option(label, zone));
  select.replaceChildren(...allZones);
  select.size = MOST_ZONES;
  document.getElementById("zone-search").value = "";
  select.value = zone;
}

// One click is enough; a page that comes back from the browser's memory is ready again.
function watchSubmits() {
  document.addEventListener("submit", (event) => {
    const { submitter, target } = event;
    if (!("once" in target.dataset) || event.defaultPrevented) return;
    if ("sent" in target.dataset) return event.preventDefault();
    target.dataset.sent = "";
    if (!submitter) return;
    submitter.ariaBusy = "true";
    if (submitter.dataset.busy) submitter.textContent = submitter.dataset.busy;
    setTimeout(() => { submitter.disabled = true; });
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

// Makes the page of times quicker for those who have scripts; everything works without.

const STALE_MS = 60_000;
const IDLE_MS = 600_000;
const CHECK_MS = 15_000;
const times = document.getElementById("times");
let loadedAt = Date.now();
let activeAt = Date.now();
let latest = 0;

watchForms();
watchDays();
keepFresh();
useOwnZone();

// The first visit names no zone: show the browser's own instead of the account's.
function useOwnZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!("guess" in times.dataset) || !zone) return;
  // Whoever is quicker than the answer takes their zone along, too. The same one as the account's is named as well:
  // it tells the form from which country somebody probably calls.
  for (const field of times.querySelectorAll("[name=zone]")) field.value = zone;
  if (zone === shown().zone) return;
  // The address of a page that answers a form says nothing of what was sent with it; the page's own form does.
  const form = document.getElementById("turn");
  const values = new URLSearchParams(location.search);
  for (const [name, value] of new FormData(form)) values.set(name, value);
  const isPost = form.method === "post";
  load(values, { isPost, remember: isPost ? "" : "replace" });
}

// Other months and zones come as a part of the page.
function watchForms() {
  document.addEventListener("submit", (event) => {
    const kind = event.target.dataset.swap;
    if (!kind) return;
    event.preventDefault();
    const values = new URLSearchParams(new FormData(event.target, event.submitter));
    if (kind === "zone") values.set("from", chosenDay() || shown().first);
    const isPost = event.target.method === "post";
    const key = event.submitter?.dataset.key;
    load(values, { isPost, remember: isPost ? "" : "push", aloud: true, keepsDay: kind === "zone" }).then((isLoaded) => {
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
  (button || document.getElementById("month-label") || times.querySelector("button"))?.focus();
}

// In a calendar the arrows up and down go by weeks, and Page Up and Page Down by months.
function watchDays() {
  let isPointed = false;
  times.addEventListener("pointerdown", () => { isPointed = true; });
  times.addEventListener("keydown", (event) => {
    isPointed = false;
    if (event.target.name !== "day") return;
    const turn = { PageUp: "previous", PageDown: "next" }[event.key];
    if (turn) {
      event.preventDefault();
      times.querySelector(`[data-key="${turn}"]`)?.click();
      return;
    }
    const days = [...times.querySelectorAll("[name=day]:enabled")];
    const target = {
      ArrowUp: () => days.findLast((day) => weeksBetween(day, event.target) < 0),
      ArrowDown: () => days.find((day) => weeksBetween(event.target, day) < 0),
      Home: () => days[0],
      End: () => days.at(-1),
    }[event.key];
    if (!target) return;
    event.preventDefault();
    const day = target();
    if (!day) return;
    day.checked = true;
    day.focus();
  });
  times.addEventListener("change", (event) => {
    if (event.target.name !== "day" || !isPointed) return;
    const first = [...times.querySelectorAll(".slots button")].find((one) => one.checkVisibility());
    if (first) showUnlessSeen(first, times.querySelector("#squares"));
  });
}

// Asks the browser what is seen, since in a frame of another website that may be less than the page knows.
function showUnlessSeen(element, target) {
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  new IntersectionObserver(([{ intersectionRatio }], watcher) => {
    watcher.disconnect();
    if (intersectionRatio < 0.9) target.scrollIntoView({ block: "start", behavior: isCalm ? "auto" : "smooth" });
  }).observe(element);
}

// Negative when `late` stands in the same column of the calendar as `early` and some week later.
function weeksBetween(early, late) {
  const days = Math.round((Date.parse(early.value) - Date.parse(late.value)) / 86_400_000);
  return days % 7 ? 0 : days;
}

// A page that somebody looks at is looked up again every minute, and at once when they come back to it. Somebody who
// has done nothing for ten minutes is not there.
function keepFresh() {
  for (const kind of ["pointerdown", "keydown", "scroll", "visibilitychange"]) {
    document.addEventListener(kind, () => { activeAt = Date.now(); }, { passive: true });
  }
  const check = () => {
    if (document.hidden || times.ariaBusy || Date.now() - loadedAt < STALE_MS) return;
    if (Date.now() - activeAt < IDLE_MS) refresh();
  };
  document.addEventListener("visibilitychange", check);
  setInterval(check, CHECK_MS);
}

async function refresh() {
  loadedAt = Date.now();
  const form = document.getElementById("turn");
  const values = new URLSearchParams(new FormData(form));
  values.set("from", shown().first);
  const fresh = await ask(values, form.method === "post");
  if (fresh === null) return;
  const part = document.createElement("template");
  part.innerHTML = fresh;
  const now = new Set([...part.content.querySelectorAll("#pick [name=start]")].map((button) => button.value));
  const known = [...times.querySelectorAll("#pick [name=start]")];
  const gone = known.filter((button) => !now.has(button.value));
  if (!now.size || now.size !== known.length - gone.length) show(fresh, { keepsDay: true });
  else markTaken(gone, part.content);
}

// What was taken stays where it is, crossed out: nothing moves below a finger.
function markTaken(gone, fresh) {
  const news = gone.filter((button) => !button.disabled);
  if (!news.length) return;
  const isVisible = news.some((button) => button.checkVisibility());
  const hadFocus = news.find((button) => button === document.activeElement);
  news.forEach((button) => { button.disabled = true; });
  hadFocus?.closest(".day").querySelector("h3").focus();
  const earliest = times.querySelector(".earliest");
  if (earliest && news.some((button) => button.value === earliest.value)) {
    const isFocused = earliest === document.activeElement;
    earliest.replaceWith(fresh.querySelector(".earliest"));
    if (isFocused) times.querySelector(".earliest").focus();
  }
  if (isVisible) announce(times.dataset.taken);
}

function announce(text) {
  document.getElementById("announcement").textContent = text;
}

function shown() {
  return times.firstElementChild.dataset;
}

function chosenDay() {
  return times.querySelector("[name=day]:checked")?.value;
}

// The part of the page for these values; null when it does not come, or when another was asked for meanwhile.
async function ask(values, isPost) {
  const mine = ++latest;
  const address = times.dataset.fragment;
  try {
    const answer = isPost
      ? await fetch(address, { method: "POST", body: values })
      : await fetch(`${address}?${values}`);
    const text = answer.ok ? await answer.text() : null;
    return mine === latest ? text : null;
  } catch {
    return null;
  }
}

// Show the part of the page for these values, and tell whether it came.
async function load(values, { isPost = false, remember = "", aloud = false, keepsDay = false }) {
  times.ariaBusy = "true";
  const fresh = await ask(values, isPost);
  times.ariaBusy = null;
  if (fresh === null) return false;
  loadedAt = Date.now();
  show(fresh, { keepsDay });
  if (remember) history[`${remember}State`](null, "", `${times.dataset.page}?${values}`);
  document.getElementById("zone-label").textContent = shown().zoneLabel;
  selectZone(shown().zone, shown().zoneLabel);
  if (aloud) announce(shown().say);
  return true;
}

// The focus stays where it was, and so does the chosen day where that is wished.
function show(fresh, { keepsDay }) {
  const day = keepsDay && chosenDay();
  const focused = times.contains(document.activeElement) ? document.activeElement.value : null;
  times.innerHTML = fresh;
  const same = day && times.querySelector(`[name=day][value="${day}"]:enabled`);
  if (same) same.checked = true;
  if (focused) [...times.querySelectorAll("button, input")].find((one) => one.value === focused)?.focus();
}

function selectZone(zone, label) {
  const select = document.getElementById("zone-select");
  if (![...select.options].some((option) => option.value === zone)) select.prepend(new Option(label, zone));
  select.value = zone;
}

// The inbox works without this file; with it, mail appears by itself, times read on your own clock, and keys work.

const DAY = 24 * 60 * 60 * 1000;

function clock(time) {
  const moment = new Date(time.dateTime);
  if (time.dataset.style === "zoned") {
    const options = { weekday: "short", day: "2-digit", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
    const format = new Intl.DateTimeFormat(undefined, options);
    return time.dataset.until ? format.formatRange(moment, new Date(time.dataset.until)) : format.format(moment);
  }
  if (time.dataset.style === "long") {
    return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" }).format(moment);
  }
  const today = moment.toDateString() === new Date().toDateString();
  const recent = Date.now() - moment < 300 * DAY;
  const options = today ? { timeStyle: "short" } : recent ? { day: "numeric", month: "short" } : { dateStyle: "medium" };
  return new Intl.DateTimeFormat(undefined, options).format(moment);
}

function showTimes(root) {
  for (const time of root.querySelectorAll("time")) {
    time.title = time.textContent;
    time.textContent = clock(time);
    time.parentElement.hidden = false;
  }
}

// Live: fetch this same page and put its live regions in place of ours, so that there is one way to draw a list.

let refreshing = false;
let again = false;

async function refresh() {
  if (refreshing) {
    again = true;
    return;
  }
  refreshing = true;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    document.title = fresh.title;
    for (const region of document.querySelectorAll("[data-live]")) replace(region, fresh.getElementById(region.id));
  } finally {
    refreshing = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

function replace(region, fresh) {
  if (!fresh) return;
  const scroll = region.scrollTop;
  const focused = region.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const known = new Set([...region.querySelectorAll("[data-message]")].map((item) => item.dataset.message));
  for (const item of fresh.querySelectorAll("[data-message]")) {
    if (known.size && !known.has(item.dataset.message)) item.classList.add("arrived");
  }
  region.replaceChildren(...fresh.childNodes);
  showTimes(region);
  region.scrollTop = scroll;
  if (focused) region.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

const live = document.getElementById("live");
let changes = null;

function say(text, state) {
  live.hidden = false;
  live.textContent = text;
  live.dataset.state = state;
}

function connect() {
  changes = new EventSource("/changes");
  let wasLost = false;
  changes.addEventListener("open", () => {
    say("Live", "on");
    if (wasLost) refresh();
    wasLost = false;
  });
  changes.addEventListener("changed", refresh);
  changes.addEventListener("error", () => {
    wasLost = true;
    say("Not connected", "off");
  });
}

// A browser allows few connections to one place; pages nobody looks at give theirs back.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    changes?.close();
    changes = null;
  } else if (!changes) {
    connect();
    refresh();
  }
});
addEventListener("pagehide", () => changes?.close());

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});

// Keys

function step(by) {
  const items = [...document.querySelectorAll("#list [data-message]")];
  const now = items.findIndex((item) => item === document.activeElement || item.ariaCurrent === "true");
  const next = items[now < 0 ? 0 : now + by];
  if (!next) return;
  if (document.body.classList.contains("reading")) next.click();
  else next.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, textarea");
  if (event.key === "Escape") {
    if (typing) typing.blur();
    else document.querySelector(".back")?.click();
  } else if (typing) {
    return;
  } else if (event.key === "j" || event.key === "k") {
    step(event.key === "j" ? 1 : -1);
  } else if (event.key === "/") {
    event.preventDefault();
    document.querySelector(".search input[type=search]").select();
  }
});

// The list keeps its place from page to page.

const list = document.getElementById("list");
list.scrollTop = Number(sessionStorage.getItem("scroll") ?? 0);
list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
list.addEventListener("scroll", () => sessionStorage.setItem("scroll", list.scrollTop), { passive: true });

showTimes(document);
connect();

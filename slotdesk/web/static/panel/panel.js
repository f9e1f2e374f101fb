// The ticket panel. The viewer's token lives in this page's memory only: no cookie, no storage.

const panel = document.getElementById("panel");
const content = document.getElementById("content");
// The PSA's own screen is read again once the worker has had a moment for the note and the status.
const EFFECTS_TAKE = 2500;
const STALE_AFTER = 30_000;
// How often the list is read again while something in it is under way: soon at first, then ever more seldom.
const SOON = 2000;
const SELDOM = 30_000;

let psa;
let token;
let expires = 0;
let ticketId = new URLSearchParams(location.search).get("id") ?? "";
let shownAt = 0;
let wait = SOON;
let timer;

if (window.parent === window) {
  content.replaceChildren(document.getElementById("intro").content.cloneNode(true));
} else {
  start();
}

async function start() {
  try {
    psa ??= await load(panel.dataset.script);
    await prove();
    await showTicket();
  } catch (error) {
    showProblem(error.message);
  }
}

/** What speaks with this PSA's ticket screen. */
async function load(script) {
  try {
    return await import(script);
  } catch {
    throw new Error("Slotdesk cannot be reached. Look whether you are online, then try again.");
  }
}

/** Have the PSA say who is looking, and exchange that for a token. */
async function prove() {
  const { claims, screen } = await psa.connect({ origins: JSON.parse(panel.dataset.origins) });
  if (screen.id) ticketId = screen.id;
  const response = await fetch(panel.dataset.session, {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ claims }),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? "Slotdesk does not answer right now. Try again in a minute.");
  token = answer.token;
  // A little early, so that no call meets the end of it.
  expires = Date.now() + (answer.expires_in - 30) * 1000;
}

/** Call Slotdesk with the token; one that is refused is renewed once. */
async function call(url, options = {}) {
  if (Date.now() > expires) await prove();
  let response = await send(url, options);
  if (response.status === 401) {
    await prove();
    response = await send(url, options);
  }
  return response;
}

async function send(url, options) {
  try {
    return await fetch(url, { ...options, credentials: "omit", headers: { Authorization: `Bearer ${token}` } });
  } catch {
    throw new Error("Slotdesk cannot be reached. Look whether you are online, then try again.");
  }
}

async function showTicket() {
  if (!/^[1-9]\d*$|^[\w-]{2,}$/.test(ticketId)) {
    showProblem("This ticket has no number yet. Save it, and the panel appears.");
    return;
  }
  const response = await call(`${panel.dataset.tickets}${encodeURIComponent(ticketId)}/`);
  content.innerHTML = await fragment(response);
  shownAt = Date.now();
  followFromNow();
}

/** Look again while the list says that something of it is under way. */
function followFromNow() {
  wait = SOON;
  follow();
}

function follow() {
  clearTimeout(timer);
  const url = document.querySelector("#lines [data-moving]")?.dataset.moving;
  if (!url) return;
  timer = setTimeout(() => refresh(url), wait);
  wait = Math.min(wait * 1.5, SELDOM);
}

async function refresh(url) {
  const lines = document.getElementById("lines");
  if (document.visibilityState === "visible" && isIdle()) {
    try {
      const response = await call(url);
      const text = await fragment(response);
      // Meanwhile something else may have been shown, or somebody begun to do something here.
      if (response.ok && lines.isConnected && isIdle()) lines.innerHTML = text;
    } catch {
      // What is shown stays; the next look may do better.
    }
  }
  follow();
}

/** Nobody is in the middle of something in the list. */
function isIdle() {
  const lines = document.getElementById("lines");
  const isBusy = panel.getAttribute("aria-busy") === "true";
  return !isBusy && !lines?.querySelector("details[open]") && !lines?.contains(document.activeElement);
}

async function fragment(response) {
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.startsWith("text/html") || response.status === 500) {
    throw new Error("Something went wrong on Slotdesk’s side. It has been written down; try again.");
  }
  return response.text();
}

function showProblem(text) {
  const problem = document.getElementById("problem").content.cloneNode(true);
  problem.querySelector("p").textContent = text;
  content.replaceChildren(problem);
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (panel.getAttribute("aria-busy") === "true") return;
  if (form.dataset.into) {
    await explain(form, event.submitter);
    return;
  }
  const body = new URLSearchParams(new FormData(form, event.submitter));
  busy(event.submitter, true);
  try {
    const response = await call(form.action, { method: "POST", body });
    document.getElementById("requests").innerHTML = await fragment(response);
    followFromNow();
    document.querySelector("#requests .notice")?.scrollIntoView({ block: "nearest" });
    // The screen would take the new link away with it; it follows when the next thing changes.
    const link = document.querySelector("#requests .notice input.link");
    if (link) link.select();
    else if (response.headers.get("X-Panel-Changed")) setTimeout(psa.refreshScreen, EFFECTS_TAKE);
  } catch (error) {
    sayInPlace(error.message);
  } finally {
    busy(event.submitter, false);
  }
});

/** Show beside the question why a time is not offered. */
async function explain(form, button) {
  const place = document.getElementById(form.dataset.into);
  busy(button, true);
  try {
    const response = await call(`${form.action}?${new URLSearchParams(new FormData(form))}`);
    if (response.status === 404) throw new Error("It changed while you were looking. Reload the ticket.");
    place.innerHTML = await fragment(response);
    place.scrollIntoView({ block: "nearest" });
  } catch (error) {
    sayIn(place, error.message);
  } finally {
    busy(button, false);
  }
}

function busy(button, isBusy) {
  panel.setAttribute("aria-busy", String(isBusy));
  button?.classList.toggle("is-busy", isBusy);
}

/** What was chosen stays; only the lower part tells what went wrong. */
function sayInPlace(text) {
  sayIn(document.getElementById("requests"), text);
}

function sayIn(place, text) {
  const notice = document.createElement("p");
  notice.className = "notice is-bad";
  notice.setAttribute("role", "alert");
  notice.textContent = text;
  place.querySelector(":scope > .notice")?.remove();
  place.prepend(notice);
}

// One more person or team, up to as many as one appointment may have.
document.addEventListener("click", (event) => {
  const adder = event.target.closest("[data-add]");
  if (adder) {
    const others = document.getElementById("others");
    others.append(document.getElementById(adder.dataset.add).content.cloneNode(true));
    adder.hidden = others.children.length + 1 >= Number(others.dataset.most);
    others.lastElementChild.querySelector("select").focus();
  }
  const remover = event.target.closest("[data-remove]");
  if (remover) {
    const adder = document.querySelector("[data-add]");
    remover.parentElement.remove();
    adder.hidden = false;
    adder.focus();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.id !== "type") return;
  document.getElementById("minutes").value = event.target.selectedOptions[0].dataset.minutes;
});

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-retry]")) {
    start();
    return;
  }
  const button = event.target.closest("[data-copy]");
  if (button) {
    const isCopied = await copy(button.dataset.copy);
    const before = button.textContent;
    button.textContent = isCopied ? "Copied" : "Press Ctrl+C";
    setTimeout(() => (button.textContent = before), 2000);
  }
  // A menu closes when something else is pressed.
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// What a menu opens may lie below the edge of the frame.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches("details[open]")) event.target.scrollIntoView({ block: "nearest" });
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

/** Frames may be denied the clipboard; then the old way is tried, which needs a selected field. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    let field = document.querySelector(`input.link[value="${CSS.escape(text)}"]`);
    const isOurs = !field;
    if (isOurs) {
      field = document.createElement("input");
      field.value = text;
      document.body.append(field);
    }
    field.select();
    const isCopied = document.execCommand("copy");
    if (isOurs) field.remove();
    return isCopied;
  }
}

// Whoever comes back to the tab sees how things stand now, unless they are in the middle of something.
document.addEventListener("visibilitychange", () => {
  const hasNothingToLose = isIdle() && !document.querySelector("#requests .notice input.link, #others > *");
  if (document.visibilityState === "visible" && shownAt && hasNothingToLose && Date.now() - shownAt > STALE_AFTER) {
    showTicket().catch((error) => sayInPlace(error.message));
  }
});

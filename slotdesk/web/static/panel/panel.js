// The ticket panel. The viewer's token lives in this page's memory only: no cookie, no storage.

const panel = document.getElementById("panel");
const content = document.getElementById("content");
// The PSA's own screen is read again once the worker has had a moment for the note and the status.
const EFFECTS_TAKE = 2500;
const STALE_AFTER = 30_000;

let psa;
let token;
let expires = 0;
let ticketId = new URLSearchParams(location.search).get("id") ?? "";
let shownAt = 0;

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
  const body = new URLSearchParams(new FormData(form, event.submitter));
  busy(event.submitter, true);
  try {
    const response = await call(form.action, { method: "POST", body });
    document.getElementById("requests").innerHTML = await fragment(response);
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

function busy(button, isBusy) {
  panel.setAttribute("aria-busy", String(isBusy));
  button?.classList.toggle("is-busy", isBusy);
}

/** What was chosen stays; only the lower part tells what went wrong. */
function sayInPlace(text) {
  const notice = document.createElement("p");
  notice.className = "notice is-bad";
  notice.setAttribute("role", "alert");
  notice.textContent = text;
  const place = document.getElementById("requests");
  place.querySelector(":scope > .notice")?.remove();
  place.prepend(notice);
}

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
    if (event.target.matches("details.menu[open]")) event.target.scrollIntoView({ block: "nearest" });
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
  const isIdle = !document.querySelector("details.menu[open], #requests .notice input.link");
  if (document.visibilityState === "visible" && shownAt && isIdle && Date.now() - shownAt > STALE_AFTER) {
    showTicket().catch((error) => sayInPlace(error.message));
  }
});

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
  restrict();
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
      if (response.ok && lines.isConnected && isIdle()) {
        lines.innerHTML = text;
        // What was under way is done, and may have given the ticket another status.
        if (!lines.querySelector("[data-moving]")) lookAtStatus();
      }
    } catch {
      // What is shown stays; the next look may do better.
    }
  }
  follow();
}

/** The ticket's status, which our workflows and other people change, as it is in the PSA now. */
async function lookAtStatus() {
  const line = document.getElementById("ticket-status");
  if (!line || document.visibilityState !== "visible") return;
  try {
    const response = await call(line.dataset.now);
    if (!response.ok || !line.isConnected) return;
    const part = document.createElement("template");
    part.innerHTML = await fragment(response);
    const fresh = part.content.firstElementChild;
    // What can be done depends on whether it is closed.
    if ("closed" in fresh.dataset !== "closed" in line.dataset && hasNothingToLose()) {
      await showTicket();
      return;
    }
    line.replaceWith(fresh);
    const seen = document.querySelector("#ask [name=status_seen]");
    if (seen) seen.value = fresh.dataset.status;
  } catch {
    // What is shown stays; the next look may do better.
  }
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
  // A button elsewhere that books stands for the form's own.
  const button = event.submitter?.matches("[data-book]") ? document.getElementById("book") : event.submitter;
  const body = new URLSearchParams(new FormData(form, button));
  const action = button?.hasAttribute("formaction") ? button.formAction : form.action;
  busy(event.submitter, true);
  try {
    const response = await call(action, { method: "POST", body });
    document.getElementById("requests").innerHTML = await fragment(response);
    if (response.status === 201) clear(form);
    followFromNow();
    setTimeout(lookAtStatus, EFFECTS_TAKE);
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

/** What was sent is done: the next request begins from the beginning, under a key of its own. */
function clear(form) {
  form.reset();
  form.elements.key.value = crypto.randomUUID();
  for (const part of form.querySelectorAll("details.more")) part.open = false;
  for (const other of form.querySelectorAll(".other")) other.remove();
  form.querySelector("[data-add]").hidden = false;
  document.getElementById("contacts")?.replaceChildren();
  restrict();
  allowAsking();
}

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
  if (event.target.id === "type") {
    document.getElementById("minutes").value = event.target.selectedOptions[0].dataset.minutes;
    restrict();
  }
  if (event.target.closest("#ask")?.contains(event.target) && event.target.name !== "start") showTimes();
});

/** A type may be for some people only: the others cannot be chosen with it. */
function restrict() {
  const only = document.getElementById("type")?.selectedOptions[0]?.dataset.only.split(" ").filter(Boolean) ?? [];
  for (const select of document.querySelectorAll("#ask select[name=resource]")) {
    for (const option of select.options) {
      option.disabled = option.hidden = Boolean(option.value) && only.length > 0 && !only.includes(option.value);
    }
    if (select.selectedOptions[0]?.disabled) {
      const first = [...select.options].find((option) => option.value && !option.disabled);
      if (first) select.value = first.value;
    }
  }
}

const DECIDE_TIMES = ["type", "resource", "minutes", "date"];
let shownTimes = 0;

/** The free times of the chosen day, while the part of the form that asks for them is open. */
async function showTimes() {
  const place = document.getElementById("agreed-times");
  if (!place?.closest("details").open) return;
  const entered = [...new FormData(document.getElementById("ask"))].filter(([name]) => DECIDE_TIMES.includes(name));
  const chosen = place.querySelector("input:checked")?.value;
  const mine = ++shownTimes;
  try {
    const response = await call(`${document.getElementById("agreed-date").dataset.times}?${new URLSearchParams(entered)}`);
    const text = await fragment(response);
    if (mine !== shownTimes) return;
    place.innerHTML = text;
    const same = chosen && place.querySelector(`input[value="${CSS.escape(chosen)}"]`);
    if (same) same.checked = true;
  } catch (error) {
    if (mine === shownTimes) sayIn(place, error.message);
  }
}

/** Somebody without an address can be asked once another client is named. */
function allowAsking() {
  const button = document.querySelector("[data-needs-client]");
  if (button) button.disabled = !document.getElementById("client-email").value.trim();
}

document.addEventListener("input", (event) => {
  if (event.target.id === "client-email") allowAsking();
});

document.addEventListener("click", async (event) => {
  const finder = event.target.closest("[data-contacts]");
  if (finder) {
    const place = document.getElementById("contacts");
    const text = document.getElementById("client-name").value || document.getElementById("client-email").value;
    busy(finder, true);
    try {
      place.innerHTML = await fragment(await call(`${finder.dataset.contacts}?${new URLSearchParams({ q: text })}`));
    } catch (error) {
      sayIn(place, error.message);
    } finally {
      busy(finder, false);
    }
  }
  const contact = event.target.closest(".contacts button");
  if (contact) {
    document.getElementById("client-name").value = contact.dataset.name;
    document.getElementById("client-email").value = contact.dataset.email;
    document.getElementById("contacts").replaceChildren();
    document.getElementById("client-email").focus();
    allowAsking();
  }
});

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-retry]")) {
    start();
    return;
  }
  const button = event.target.closest("[data-copy]");
  if (button) {
    const isCopied = await copy(button.dataset.copy, button.dataset.title);
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
    if (event.target.matches("details.agreed[open]")) showTimes();
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

/** As text, and where there is a title also as a link that says what it is, for mails and chats. */
function parts(text, title) {
  if (!title) return { "text/plain": text };
  const link = document.createElement("a");
  link.href = text;
  link.textContent = title;
  return { "text/plain": text, "text/html": link.outerHTML };
}

/** Frames may be denied the clipboard; then the old way is tried, which a press of a button allows everywhere. */
async function copy(text, title) {
  const copied = Object.entries(parts(text, title));
  try {
    const blobs = copied.map(([type, part]) => [type, new Blob([part], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    return true;
  } catch {
    return copyTheOldWay(copied);
  }
}

function copyTheOldWay(copied) {
  const fill = (event) => {
    event.preventDefault();
    for (const [type, part] of copied) event.clipboardData.setData(type, part);
  };
  document.addEventListener("copy", fill);
  const isCopied = document.execCommand("copy");
  document.removeEventListener("copy", fill);
  // Then it is copied by hand, from the field that shows it.
  if (!isCopied) document.querySelector("input.link")?.select();
  return isCopied;
}

/** Drawing all of it anew takes nothing away from whoever looks at it. */
function hasNothingToLose() {
  return isIdle() && !document.querySelector("#requests .notice input.link, #others > *, #ask details[open]");
}

// Whoever comes back to the tab sees how things stand now; who is in the middle of something at least the status.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible" || !shownAt) return;
  if (hasNothingToLose() && Date.now() - shownAt > STALE_AFTER) {
    showTicket().catch((error) => sayInPlace(error.message));
  } else {
    lookAtStatus();
  }
});

// The editor of an e-mail template: tools, values at the cursor, and a preview that follows. All of it works without, too.

const form = document.querySelector("[data-mail-editor]");
const body = form.elements.body;
let last = body;
let typed = false;

// Through the browser's own editing, so that it can be undone.
function put(field, text) {
  field.focus();
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

if (!body.disabled) form.querySelector(".mail-tools").hidden = false;
form.addEventListener("focusin", (event) => {
  if ("insertInto" in event.target.dataset) last = event.target;
});
form.addEventListener("click", (event) => {
  const value = event.target.closest("[data-insert]");
  if (value && !body.disabled) put(last, value.dataset.insert);
  const tool = event.target.closest("[data-wrap]");
  if (tool) {
    const [before, after] = tool.dataset.wrap.split("|");
    const chosen = body.value.slice(body.selectionStart, body.selectionEnd);
    const start = body.selectionStart;
    put(body, before + chosen + after);
    body.setSelectionRange(start + before.length, start + before.length + chosen.length);
  }
});

// A problem says "Line 12": a press goes there.
for (const said of form.querySelectorAll("#div_id_body [id^=error_]")) {
  const line = Number(/^\s*Line (\d+)/.exec(said.textContent)?.[1] ?? 0);
  if (!line) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link btn-sm p-0 ms-2";
  button.textContent = `Go to line ${line}`;
  button.addEventListener("click", () => {
    const lines = body.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    body.focus();
    body.setSelectionRange(start, start + lines[line - 1].length);
    body.scrollTop = (body.scrollHeight / lines.length) * Math.max(line - 4, 0);
  });
  said.append(button);
}

// Each preview comes in a frame of its own, which takes the place of the last one when it is there: nothing flickers, and
// the browser's Back leads back to the list and not through the previews.
let number = 0;
let shown = form.querySelector("iframe.mail-frame");
let coming = null;
function preview() {
  coming?.remove();
  const next = shown.cloneNode();
  const name = `preview-${(number += 1)}`;
  next.name = name;
  next.classList.add("is-coming");
  coming = next;
  shown.after(next);
  const sent = document.createElement("form");
  sent.method = "post";
  sent.action = form.dataset.previewUrl;
  sent.target = name;
  sent.hidden = true;
  for (const [field, value] of new FormData(form)) {
    const input = document.createElement("textarea");
    input.name = field;
    input.value = value;
    sent.append(input);
  }
  // A field that is locked is not among what a form sends.
  for (const field of ["subject", "body"]) {
    if (!form.elements[field].disabled) continue;
    const input = document.createElement("textarea");
    input.name = field;
    input.value = form.elements[field].value;
    sent.append(input);
  }
  document.body.append(sent);
  next.addEventListener("load", () => {
    // Only what was asked for last takes the place, and not the blank page that a new frame begins with.
    if (next !== coming || next.contentDocument?.URL === "about:blank") return;
    shown.remove();
    next.classList.remove("is-coming");
    [shown, coming] = [next, null];
  });
  sent.submit();
  sent.remove();
}

let waiting;
form.addEventListener("input", (event) => {
  if (["name", "view", "request"].includes(event.target.name)) return;
  typed = true;
  clearTimeout(waiting);
  waiting = setTimeout(preview, 500);
});
form.addEventListener("change", (event) => {
  if (["view", "request"].includes(event.target.name)) preview();
});
form.querySelector("[data-show-preview]").addEventListener("click", (event) => {
  event.preventDefault();
  preview();
});

// What was typed is not lost by a wrong press.
form.addEventListener("submit", () => (typed = false));
addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});

preview();

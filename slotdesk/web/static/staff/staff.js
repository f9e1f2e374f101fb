// What the staff pages do beyond links and forms.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const label = button.querySelector("span") ?? button;
  const before = label.textContent;
  try {
    await copy(button.dataset.copy, button.dataset.copyTitle);
    label.textContent = button.dataset.copied;
  } catch {
    // Without a secure address browsers refuse; then at least the text can be copied by hand.
    window.prompt("Copy this:", button.dataset.copy);
    return;
  }
  setTimeout(() => (label.textContent = before), 2000);
});

// With a title, editors of e-mails paste a link with that text; everything else pastes the plain address.
async function copy(text, title) {
  if (!title) return navigator.clipboard.writeText(text);
  const link = document.createElement("a");
  link.href = text;
  link.textContent = title;
  const parts = { "text/plain": text, "text/html": link.outerHTML };
  const blobs = Object.entries(parts).map(([type, part]) => [type, new Blob([part], { type })]);
  await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
}

// On a phone the tabs of a page run off the side; the one that is open is in sight.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

// A form is sent once: a second press while the first is on its way is no second order.
document.addEventListener("submit", (event) => {
  const form = event.target;
  // One that answers with a download leaves the page as it is, and may be sent again.
  if (form.method !== "post" || event.defaultPrevented || "stays" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.classList.add("is-busy");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector(".is-busy")?.classList.remove("is-busy");
  }
});

// What is entered is shown in the previews a moment later.
let previewing;
document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-preview-form]");
  if (!form) return;
  clearTimeout(previewing);
  previewing = setTimeout(() => {
    const entered = new URLSearchParams(new FormData(form));
    entered.delete("csrfmiddlewaretoken");
    for (const frame of document.querySelectorAll("[data-preview]")) {
      frame.contentWindow.location.replace(`${frame.dataset.preview}?${entered}`);
    }
  }, 400);
});

// In a large form, Enter in a field that searches presses the button beside it, and does not send the form.
document.addEventListener("keydown", (event) => {
  const finder = event.key === "Enter" && event.target.closest("[data-finds]");
  if (!finder) return;
  event.preventDefault();
  document.getElementById(finder.dataset.finds).click();
});

// A row of a list opens with a press anywhere in it; its link stays what the keyboard and the screen reader use.
document.addEventListener("click", (event) => {
  const row = event.target.closest(".rows-link tbody tr");
  if (!row || event.target.closest("a, button, input, select, label, form") || String(getSelection())) return;
  row.querySelector(".row-link")?.click();
});

// Own hours are open to be edited when they are what counts.
document.addEventListener("change", (event) => {
  if (event.target.name !== "hours_from") return;
  document.querySelector("details.own-hours").open = event.target.value === "own";
});

// One more row of working hours.
document.addEventListener("click", (event) => {
  const adder = event.target.closest("[data-add-row]");
  if (adder) {
    const list = document.getElementById(adder.dataset.addRow);
    const total = document.getElementById(adder.dataset.total);
    const template = document.getElementById(adder.dataset.template);
    const row = template.content.cloneNode(true);
    for (const element of row.querySelectorAll("[name], [id], [for]")) {
      for (const name of ["name", "id", "for"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace("__prefix__", total.value));
      }
    }
    total.value = Number(total.value) + 1;
    list.append(row);
    list.lastElementChild.querySelector("input")?.focus();
  }
});

// The workflow editor beyond what its buttons do: dragging, variables at the cursor, fields that depend on another, and
// what was unfolded.

let dragged = null;
let lastText = null;

function press(op) {
  const button = document.querySelector("#editor [data-apply]");
  if (!button) return;
  button.value = op;
  // A click and not requestSubmit: htmx sends along the button that was clicked.
  button.click();
}

document.addEventListener("change", (event) => {
  const field = event.target.closest("#editor [data-refresh]");
  if (field) press(`refresh:${field.id}`);
});

// A press replaces the whole page; what was unfolded stays so.
let unfolded = [];

document.addEventListener("htmx:beforeSwap", () => {
  unfolded = [...document.querySelectorAll("#editor details[id][open]")].map((each) => each.id);
});

document.addEventListener("htmx:afterSwap", () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
});

// The frame for a mail takes its place once there is one in it.
document.addEventListener("submit", (event) => {
  if (event.target.target !== "tried-mail") return;
  const frame = document.getElementById("tried-mail");
  frame?.classList.add("is-shown");
  frame?.scrollIntoView({ block: "nearest" });
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches("#editor [data-liquid]")) lastText = event.target.id;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  const field = lastText && document.getElementById(lastText);
  if (!field) {
    navigator.clipboard?.writeText(`{{ ${button.dataset.insert} }}`);
    return;
  }
  field.setRangeText(`{{ ${button.dataset.insert} }}`, field.selectionStart, field.selectionEnd, "end");
  field.focus();
});

document.addEventListener("dragstart", (event) => {
  const grip = event.target.closest?.("#editor .flow-grip");
  if (!grip) return;
  dragged = grip.closest(".flow-step");
  dragged.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.key);
  event.dataTransfer.setDragImage(dragged, 16, 16);
});

// Where the step would go: before the first one whose middle is below the pointer.
function placeIn(list, y) {
  const others = [...list.querySelectorAll(":scope > .flow-step")].filter((step) => step !== dragged);
  const index = others.findIndex((step) => {
    const box = step.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  return { others, index: index < 0 ? others.length : index };
}

document.addEventListener("dragover", (event) => {
  const list = event.target.closest?.("#editor .flow-branch")?.querySelector(".flow-steps");
  if (!dragged || !list) return;
  event.preventDefault();
  const { others, index } = placeIn(list, event.clientY);
  list.insertBefore(dragged, others[index] ?? null);
});

document.addEventListener("drop", (event) => {
  const list = event.target.closest?.("#editor .flow-branch")?.querySelector(".flow-steps");
  if (!dragged || !list) return;
  event.preventDefault();
  const { index } = placeIn(list, event.clientY);
  const key = dragged.dataset.key;
  dragged = null;
  press(`place:${key}:${list.dataset.branch}:${index}`);
});

document.addEventListener("dragend", () => {
  if (!dragged) return;
  // Dropped where nothing takes it: the page shows again what holds.
  dragged.classList.remove("is-dragged");
  dragged = null;
  press("refresh:");
});

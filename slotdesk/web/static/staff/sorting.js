// Rows that can be dragged to another place. The buttons beside them do the same for the keyboard.
//
//   [data-sortable]            its children are the rows. With data-first they are a stored list that begins at that
//                              place, each with data-move, the address that puts it somewhere else; without, the order
//                              of the rows in the form is all that counts.

let dragged = null;
let before = -1;

document.addEventListener("pointerdown", (event) => {
  const row = rowOf(event.target);
  // Text in fields is selected as ever; everything else of a row may be taken hold of.
  if (row) row.draggable = !event.target.closest("input, textarea, select, button, a, label");
});

document.addEventListener("dragstart", (event) => {
  const row = rowOf(event.target);
  if (!row) return;
  dragged = row;
  before = placeOf(row);
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  row.classList.add("is-dragged");
});

document.addEventListener("dragover", (event) => {
  const row = rowOf(event.target);
  if (!dragged || !row || row.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  if (row === dragged) return;
  const middle = row.getBoundingClientRect().top + row.offsetHeight / 2;
  row[event.clientY < middle ? "before" : "after"](dragged);
});

document.addEventListener("drop", (event) => {
  if (dragged) event.preventDefault();
});

document.addEventListener("dragend", () => {
  if (!dragged) return;
  const row = dragged;
  dragged = null;
  row.classList.remove("is-dragged");
  row.draggable = false;
  const place = placeOf(row);
  if (place === before) return;
  const list = row.parentElement;
  if (!row.dataset.move) {
    row.dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  const values = {
    to: Number(list.dataset.first) + place,
    csrfmiddlewaretoken: row.querySelector("[name=csrfmiddlewaretoken]").value,
  };
  window.htmx.ajax("POST", row.dataset.move, { values, target: list.dataset.target, swap: "outerHTML" });
});

function rowOf(element) {
  const list = element.closest?.("[data-sortable]");
  return list && [...list.children].find((row) => row.contains(element));
}

function placeOf(row) {
  return [...row.parentElement.children].indexOf(row);
}

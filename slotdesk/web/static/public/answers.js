// Makes the form quicker to fill in for those who have scripts; everything works without.

const guests = document.querySelector("textarea[name=guests]");
if (guests) turnIntoRows(guests);
document.querySelectorAll(".phone input").forEach(followCountryCode);

// A line for each guest, in place of one field for all; the field stays what is sent.
function turnIntoRows(field) {
  const rows = document.getElementById("guest-rows");
  const add = document.getElementById("add-guest");
  const most = Number(rows.dataset.most);
  const isWrong = field.getAttribute("aria-invalid") === "true";

  const write = () => {
    field.value = [...rows.querySelectorAll("input")].map((input) => input.value.trim()).filter(Boolean).join("\n");
    add.hidden = rows.children.length >= most;
  };
  const addRow = (value) => {
    const row = document.getElementById("guest-row").content.cloneNode(true).firstElementChild;
    const input = row.querySelector("input");
    input.value = value;
    if (field.hasAttribute("aria-describedby")) {
      input.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
    }
    if (isWrong && value && !input.validity.valid) input.ariaInvalid = "true";
    input.addEventListener("input", write);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (input.value.trim() && rows.children.length < most) addRow("").focus();
    });
    row.querySelector("button").addEventListener("click", () => {
      const next = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      write();
      (next?.querySelector("input") || add).focus();
    });
    rows.append(row);
    write();
    return input;
  };

  for (const address of field.value.split(/[\s,;]+/).filter(Boolean)) addRow(address);
  rows.hidden = false;
  field.hidden = true;
  document.getElementById("guests-plain").hidden = true;
  const label = field.labels[0];
  label.id = "guests-label";
  label.removeAttribute("for");
  rows.role = "group";
  rows.setAttribute("aria-labelledby", label.id);
  write();
  add.addEventListener("click", () => addRow("").focus());
}

// Whoever writes the country code need not choose the country as well.
function followCountryCode(input) {
  const select = input.parentElement.querySelector("select");
  const code = (option) => option.text.match(/\+(\d+)\)$/)[1];
  input.addEventListener("input", () => {
    const typed = input.value.replace(/^\s*00/, "+").replace(/[^\d+]/g, "");
    if (!typed.startsWith("+") || typed.startsWith(code(select.selectedOptions[0] || select.options[0]), 1)) return;
    const fits = [...select.options].filter((option) => typed.startsWith(code(option), 1));
    const longest = fits.sort((one, other) => code(other).length - code(one).length)[0];
    if (longest) select.value = { 1: "US", 7: "RU", 39: "IT", 44: "GB", 47: "NO", 61: "AU" }[code(longest)] || longest.value;
  });
}

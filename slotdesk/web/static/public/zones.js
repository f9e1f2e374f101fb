// A field to search time zones in, by city, country or what people call them, in place of a menu with four hundred.

const MOST = 24;
const select = document.getElementById("zone-select");
const search = document.getElementById("zone-search");
const list = document.getElementById("zone-list");
const zones = document.getElementById("zone");
const known = readZones();
const clocks = new Map();
let active = -1;

document.getElementById("zone-plain").hidden = true;
document.getElementById("zone-finder").hidden = false;
zones.addEventListener("toggle", () => {
  if (!zones.open) return;
  search.value = "";
  draw();
  search.focus();
});
search.addEventListener("input", draw);
search.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    activate(Math.min(Math.max(active + step, 0), list.children.length - 1));
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (list.children[active]) choose(list.children[active]);
  } else if (event.key === "Escape") {
    event.preventDefault();
    zones.open = false;
    zones.querySelector("summary").focus();
  }
});
list.addEventListener("click", (event) => {
  const item = event.target.closest("li");
  if (item) choose(item);
});

function readZones() {
  const found = new Map();
  for (const option of select.options) {
    if (found.has(option.value)) continue;
    const [place, ...rest] = option.text.split(" · ");
    const words = fold(`${option.text} ${option.value} ${option.dataset.find || ""}`).split(/[^\p{L}\p{N}:+-]+/u);
    found.set(option.value, { zone: option.value, place, rest: rest.join(" · "), words });
  }
  return [...found.values()];
}

// Lower case, without accents; "gmt+2" is "utc+02".
function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("−", "-")
    .replace(/\b(?:gmt|utc) ?([+-])(\d)(?!\d)/g, "utc$10$2").replace(/\bgmt(?=[+-])/g, "utc");
}

function draw() {
  const asked = fold(search.value).split(/[^\p{L}\p{N}:+-]+/u).filter(Boolean);
  const fits = known.filter(({ words }) => asked.every((part) => words.some((word) => word.startsWith(part))));
  const exact = new Set(fits.filter(({ words }) => asked.every((part) => words.includes(part))));
  const found = [...exact, ...fits.filter((zone) => !exact.has(zone))].slice(0, MOST);
  list.replaceChildren(...found.map(drawOne));
  document.getElementById("zone-none").hidden = found.length > 0;
  activate(found.length ? Math.max(0, asked.length ? 0 : found.findIndex(({ zone }) => zone === select.value)) : -1);
}

function drawOne({ zone, place, rest }, index) {
  const item = document.createElement("li");
  Object.assign(item, { id: `zone-${index}`, role: "option", ariaSelected: "false" });
  item.dataset.zone = zone;
  const name = document.createElement("span");
  const about = document.createElement("span");
  const clock = document.createElement("span");
  name.textContent = place;
  Object.assign(about, { textContent: rest, className: "muted small" });
  Object.assign(clock, { textContent: timeIn(zone), className: "clock" });
  const words = document.createElement("span");
  words.append(name, " ", about);
  item.append(words, " ", clock);
  return item;
}

// Making a formatter takes far longer than using it.
function timeIn(zone) {
  if (!clocks.has(zone)) clocks.set(zone, clockOf(zone));
  return clocks.get(zone)?.format() || "";
}

function clockOf(timeZone) {
  const hour12 = list.dataset.hour12 === "true";
  try {
    // The digits that the rest of the page has, also where the browser would take others for Arabic.
    return new Intl.DateTimeFormat(document.documentElement.lang, {
      timeZone, hour: hour12 ? "numeric" : "2-digit", minute: "2-digit", hour12, numberingSystem: "latn",
    });
  } catch {
    return null; // a zone that this browser does not know
  }
}

function activate(index) {
  list.children[active]?.setAttribute("aria-selected", "false");
  active = index;
  const item = list.children[index];
  search.setAttribute("aria-activedescendant", item ? item.id : "");
  item?.setAttribute("aria-selected", "true");
  item?.scrollIntoView({ block: "nearest" });
}

function choose(item) {
  select.value = item.dataset.zone;
  select.form.requestSubmit();
}

// A page that names a time, and was asked for without a zone: have it said in the browser's own.

const said = document.querySelector("[data-guess]")?.dataset.guess;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const address = new URL(location.href);
// One that the server does not know it ignores; asking once more would lead nowhere.
if (said && zone && zone !== said && !address.searchParams.has("zone")) {
  address.searchParams.set("zone", zone);
  location.replace(address);
}

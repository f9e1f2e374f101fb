// One click is enough; a page that comes back from the browser's memory is asked for again.

document.addEventListener("submit", (event) => {
  const { submitter, target } = event;
  if (!("once" in target.dataset) || event.defaultPrevented) return;
  if ("sent" in target.dataset) return event.preventDefault();
  target.dataset.sent = "";
  if (!submitter) return;
  submitter.ariaBusy = "true";
  if (submitter.dataset.busy) submitter.textContent = submitter.dataset.busy;
  setTimeout(() => { submitter.disabled = true; });
});

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

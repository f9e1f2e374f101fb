// A page of ours inside another website. Before it is drawn it takes that website's choice of light or dark; then it
// tells the website how high it is and what has happened, once it knows that it may. Everything works without.
(() => {
  const { websites, news } = document.currentScript.dataset;
  const root = document.documentElement;
  const KEPT = "slotdesk-theme-";
  let host = "";
  let isTold = false;

  // The frame's name stays the same from step to step; cookies and stores of a page in a frame may be blocked.
  function takeTheme(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    window.name = KEPT + (root.dataset.theme || "");
  }

  const here = new URL(location);
  if (here.searchParams.has("theme")) takeTheme(here.searchParams.get("theme"));
  else if (window.name.startsWith(KEPT)) takeTheme(window.name.slice(KEPT.length));

  // It was done once: the same page again tells nothing.
  if (here.searchParams.has("done")) {
    here.searchParams.delete("done");
    history.replaceState(null, "", here);
  }

  // As content security policies have it: "https://*.example.com" is each of its subdomains.
  function isAllowed(origin) {
    return origin === location.origin || websites.split(" ").some((website) => {
      const [start, end] = website.split("*");
      if (end === undefined) return origin === website;
      return origin.startsWith(start) && origin.endsWith(end) && origin.length > website.length - 1;
    });
  }

  function send(message) {
    if (host) parent.postMessage({ slotdesk: 1, ...message }, host);
  }

  function sendHeight() {
    send({ type: "height", height: Math.ceil(document.body.getBoundingClientRect().height) });
  }

  function meet(origin) {
    if (parent === window || !isAllowed(origin)) return false;
    host = origin;
    if (isTold || document.readyState === "loading") return true;
    isTold = true;
    send({ type: "ready" });
    sendHeight();
    if (news) send({ type: "news", news: JSON.parse(news) });
    return true;
  }

  // Where the browser says who is around we are the first to speak: a frame that is not on the screen yet may take
  // until then to be loaded whole. Elsewhere the website speaks first.
  addEventListener("DOMContentLoaded", () => {
    new ResizeObserver(sendHeight).observe(document.body);
    meet(location.ancestorOrigins?.[0] || host);
  });
  addEventListener("message", ({ data, origin, source }) => {
    if (source !== parent || data?.slotdesk !== 1 || data.type !== "hello" || !meet(origin)) return;
    takeTheme(data.theme);
    root.toggleAttribute("data-fits", data.fits === true);
    sendHeight();
  });
  // The keyboard belongs to the frame while the focus is in it, also the key that closes a pop-up.
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) send({ type: "escape" });
  });
})();

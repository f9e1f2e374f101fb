// Booking pages inside other websites: <slotdesk-booking>, data-slotdesk-popup and window.Slotdesk. How to use them is in
// docs/how-to/embedding.md; what is said there stays true of this address. Nothing is written into the page as HTML or
// inline style, so a content security policy needs this address in script-src and frame-src, and nothing else.
(() => {
  "use strict";
  if (customElements.get("slotdesk-booking")) return;

  // Words and style sheet are put in when this is served, see embed_script.py.
  const WORDS = "WORDS";
  const NEWS = ["slot-chosen", "booked", "rescheduled", "cancelled"];
  // In which what the frame has loaded must answer; a browser's own error page never does.
  const GRACE_MS = 5_000;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("CSS");
  let opened = null;

  function make(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  // What we say, in the order of embed_script.py: in the language of the element, of the page around it, or English.
  function wordsOf(element) {
    const wanted = (element.closest("[lang]")?.lang || "en").toLowerCase();
    const [language] = wanted.split("-");
    return WORDS[wanted] || WORDS[Object.keys(WORDS).find((one) => one.split("-")[0] === language)] || WORDS.en;
  }

  // What the page itself can be: dark only where it says so, in its styles or its head. "" follows the visitor.
  function themeOf(element) {
    const theme = element.getAttribute("theme");
    if (theme === "light" || theme === "dark") return theme;
    const meta = document.querySelector("meta[name=color-scheme]");
    const scheme = getComputedStyle(element).colorScheme.replace("normal", meta?.content || "");
    return !scheme.includes("dark") ? "light" : scheme.includes("light") ? "" : "dark";
  }

  function dress(box, element) {
    box.style.colorScheme = themeOf(element) || "light dark";
  }

  function labelOf(element) {
    return element.getAttribute("label") || wordsOf(element)[0];
  }

  // Throws a TypeError where `src` is no address of a page.
  function addressOf(element) {
    const src = element.getAttribute("src");
    const address = new URL(src || "", document.baseURI);
    if (!src || !/^https?:$/.test(address.protocol)) throw new TypeError("src");
    const values = address.searchParams;
    for (const { name, value } of element.attributes) {
      const [, kind, rest] = name.match(/^(prefill|utm)-(.+)/) || [];
      if (kind) values.set(kind === "utm" ? `utm_${rest}` : rest, value);
    }
    const passed = element.getAttribute("pass-query");
    const wanted = passed === null ? [] : (passed.trim() || "utm_*").split(/\s+/);
    for (const [name, value] of new URLSearchParams(location.search)) {
      const isWanted = wanted.some((one) => one === name || one.endsWith("*") && name.startsWith(one.slice(0, -1)));
      if (isWanted && !values.has(name)) values.set(name, value);
    }
    if (element.lang) values.set("lang", element.lang);
    if (themeOf(element)) values.set("theme", themeOf(element));
    values.set("embed", "1");
    return address;
  }

  // The frame, what is said while it loads, and what is said when it does not.
  class Stage {
    constructor(element, isInline) {
      Object.assign(this, { element, isInline });
      this.frame = make("iframe", { part: "frame", title: labelOf(element) });
      this.status = make("p", { part: "status", role: "status" });
      this.box = make("div", { part: "stage" }, this.status, this.frame);
      // Only when it is about to be seen, and then without holding up the page.
      if (isInline) this.frame.loading = "lazy";
      this.frame.addEventListener("load", () => {
        if (this.state === "loading" && this.address) this.timer = setTimeout(() => this.fail("not-loaded"), GRACE_MS);
        this.greet();
      });
      this.listen = (event) => this.hear(event);
      addEventListener("message", this.listen);
      try {
        this.frame.src = this.address = addressOf(element);
        this.show("loading", wordsOf(element)[1]);
      } catch {
        this.fail("bad-address");
      }
    }

    show(state, ...said) {
      this.state = this.box.dataset.state = state;
      this.status.replaceChildren(...said);
      dress(this.box, this.element);
    }

    fail(reason) {
      clearTimeout(this.timer);
      const [, , failed, open] = wordsOf(this.element);
      const link = this.address && make("a", { href: this.element.getAttribute("src"), target: "_blank" }, open);
      this.show("error", failed, make("br"), link || "");
      this.element.tell("error", { reason });
    }

    // Who we are, for the page in the frame to answer. It answers nobody whom its account has not let in.
    greet() {
      if (!this.address) return;
      const message = { slotdesk: 1, type: "hello", theme: themeOf(this.element), fits: this.isInline };
      this.frame.contentWindow?.postMessage(message, this.address.origin);
      dress(this.box, this.element);
    }

    hear({ data, origin, source }) {
      if (source !== this.frame.contentWindow || origin !== this.address?.origin || data?.slotdesk !== 1) return;
      if (data.type === "ready") {
        this.arrive();
        this.greet();
      }
      if (data.type === "height" && data.height > 0 && data.height < 30_000) {
        this.frame.style.height = `${data.height}px`;
        this.element.tell("resize", { height: data.height });
      }
      if (data.type === "escape") this.element.close();
      if (data.type === "news" && NEWS.includes(data.news?.kind)) this.pass(data.news);
    }

    arrive() {
      clearTimeout(this.timer);
      if (this.state !== "ready") {
        this.show("ready");
        this.element.tell("ready", {});
      } else if (this.isInline && this.box.getBoundingClientRect().top < 0) {
        // The next step begins at its top.
        this.box.scrollIntoView();
      }
    }

    pass({ kind, ...detail }) {
      this.isOver ||= kind === "booked";
      const goesOn = this.element.tell(kind, detail) && /^https?:/.test(detail.redirect_url);
      if (goesOn) location.assign(detail.redirect_url);
    }

    stop() {
      clearTimeout(this.timer);
      removeEventListener("message", this.listen);
      this.box.remove();
    }
  }

  class Booking extends HTMLElement {
    static observedAttributes = ["src", "mode", "theme"];
    #stage = null;
    #dialog = null;
    #before = {};
    // Who tells what happens.
    speaker = this;

    constructor() {
      super();
      this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
      this.addEventListener("click", (event) => {
        if (this.getAttribute("mode") !== "popup" || event.composedPath().includes(this.#dialog)) return;
        event.preventDefault();
        this.open();
      });
    }

    connectedCallback() {
      this.#draw();
    }

    disconnectedCallback() {
      this.close();
      this.#forget();
    }

    attributeChangedCallback(name) {
      if (!this.isConnected || !this.shadowRoot.firstChild) return;
      if (name !== "theme") this.#draw();
      else this.#stage?.greet();
    }

    #forget() {
      this.#stage?.stop();
      this.#stage = null;
    }

    #draw() {
      const mode = this.getAttribute("mode") || "inline";
      this.close();
      this.#forget();
      this.#dialog = null;
      if (mode === "inline") {
        this.#stage = new Stage(this, true);
        this.shadowRoot.replaceChildren(this.#stage.box);
        return;
      }
      const label = labelOf(this);
      const button = make("button", { type: "button", part: "button", "aria-haspopup": "dialog" }, label);
      const cross = make("button", { type: "button", part: "close", "aria-label": wordsOf(this)[4] }, "✕");
      this.#dialog = make("dialog", { part: "dialog", "aria-label": label }, cross);
      const slot = make("slot");
      const trigger = { none: [], popup: [slot, button] }[mode] || [button];
      this.shadowRoot.replaceChildren(...trigger, this.#dialog);
      // Content may come later, as it does while the page is read. White space is none.
      slot.addEventListener("slotchange", () => {
        button.hidden = slot.assignedNodes().some((node) => node.localName || node.textContent.trim());
      });
      if (mode === "button") {
        button.className = `float ${this.getAttribute("position") || ""}`;
        button.addEventListener("click", () => this.open());
      }
      for (const [name, part] of [["color", "backgroundColor"], ["text-color", "color"]]) {
        button.style[part] = this.getAttribute(name) || "";
      }
      cross.addEventListener("click", () => this.close());
      this.#watch(this.#dialog);
    }

    #watch(dialog) {
      let isOutside = false;
      dialog.addEventListener("pointerdown", ({ target }) => { isOutside = target === dialog; });
      dialog.addEventListener("click", ({ target }) => { if (isOutside && target === dialog) this.close(); });
      dialog.addEventListener("close", () => this.#leave());
    }

    open() {
      if (!this.#dialog || this.#dialog.open) return;
      opened?.close();
      // What was left half done is found again; after a booking it begins anew.
      if (this.#stage?.isOver || this.#stage?.state === "error") this.#forget();
      if (!this.#stage) {
        this.#stage = new Stage(this, false);
        this.#dialog.append(this.#stage.box);
      }
      dress(this.#dialog, this);
      const { style, clientWidth } = document.documentElement;
      this.#before = { overflow: style.overflow, scrollbarGutter: style.scrollbarGutter };
      if (innerWidth > clientWidth) style.scrollbarGutter = "stable";
      style.overflow = "hidden";
      opened = this;
      this.#dialog.showModal();
    }

    close() {
      this.#dialog?.close();
      this.#leave();
    }

    #leave() {
      if (opened !== this) return;
      opened = null;
      Object.assign(document.documentElement.style, this.#before);
      this.tell("closed", { booked: Boolean(this.#stage?.isOver) });
      if (this.getAttribute("mode") === "none" && (this.speaker === this || !this.speaker.isConnected)) this.remove();
    }

    // False where a listener has prevented what follows.
    tell(kind, detail) {
      const options = { detail, bubbles: true, composed: true, cancelable: kind === "booked" };
      return this.speaker.dispatchEvent(new CustomEvent(`slotdesk:${kind}`, options));
    }
  }
  customElements.define("slotdesk-booking", Booking);

  // A pop-up that belongs to no element of the page.
  function makePopup(src, attributes) {
    const made = make("slotdesk-booking", { ...attributes, src, mode: "none" });
    document.body.append(made);
    return made;
  }

  // Links and buttons open a pop-up; a link that is to be opened elsewhere, in a new tab say, stays a link.
  const PREFIX = "data-slotdesk-";
  const popups = new WeakMap();
  document.addEventListener("click", (event) => {
    const from = event.composedPath()[0].closest?.("[data-slotdesk-popup]");
    const isPlain = !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!from || !isPlain || event.defaultPrevented) return;
    event.preventDefault();
    const src = from.dataset.slotdeskPopup || from.href || "";
    let popup = popups.get(from);
    if (popup?.getAttribute("src") !== src || !popup.isConnected) {
      popup?.remove();
      const attributes = { label: from.textContent.trim() };
      for (const { name, value } of from.attributes) {
        if (name.startsWith(PREFIX)) attributes[name.slice(PREFIX.length)] = value;
      }
      popup = makePopup(src, attributes);
      popup.speaker = from;
      popups.set(from, popup);
    }
    popup.open();
  });

  window.Slotdesk = Object.freeze({
    version: 1,
    // Returns the element that tells what happens.
    open(src, { prefill = {}, utm = {}, passQuery, ...attributes } = {}) {
      for (const [kind, values] of Object.entries({ prefill, utm })) {
        for (const [name, value] of Object.entries(values)) attributes[`${kind}-${name}`] = value;
      }
      if (passQuery !== undefined && passQuery !== false) attributes["pass-query"] = passQuery === true ? "" : passQuery;
      const popup = makePopup(src, attributes);
      popup.open();
      return popup;
    },
    close() {
      opened?.close();
    },
  });
})();

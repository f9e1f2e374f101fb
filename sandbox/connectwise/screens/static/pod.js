/**
 * The ticket screen's side of the conversation with a page that stands in it as a pod.
 *
 * Messages are JSON strings, to and from the pod's own origin only. The pod says "ready", is told the name of its frame,
 * and repeats that name in every request; events sent to it must be answered, or the screen waits.
 */

const ANSWER_WITHIN = 10000;
const pods = [];

class Pod {
  #waiting = new Map();
  #next = 1;
  #named = false;

  constructor(frame) {
    this.frame = frame;
    this.name = frame.dataset.pod;
    this.origin = frame.dataset.origin;
    this.screenObject = { screen: frame.dataset.screen, id: Number(frame.dataset.record), hostedAs: "pod" };
    this.isDirty = false;
    frame.addEventListener("load", () => this.#named || this.#say("Loaded, no word from it"));
  }

  async receive(message) {
    if (message.message === "ready") {
      this.#named = true;
      this.#post({ MessageFrameID: this.name });
      this.#say("Connected");
      const errors = await this.ask("onLoad");
      if (!errors.length) this.#say("Ready");
      return;
    }
    if (message.frameID !== this.name) return;
    if (typeof message.event === "string") this.#settle(message);
    else this.#answer(String(message.hosted_request ?? message.request ?? ""), message.args ?? {});
  }

  /** Send an event and wait for its answer: [] for success, else the reasons. Silence is a reason, too. */
  ask(event) {
    if (!this.#named) return Promise.resolve([]);
    const id = this.#next++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        this.#say(`No answer to ${event}: a real screen would hang`);
        resolve(["The pod does not answer."]);
      }, ANSWER_WITHIN);
      this.#waiting.set(id, (errors) => {
        clearTimeout(timer);
        resolve(errors);
      });
      this.#post({ event, _id: id, data: { screenObject: this.screenObject } });
    });
  }

  #settle({ _id, result, errors }) {
    const resolve = this.#waiting.get(_id);
    this.#waiting.delete(_id);
    resolve?.(result === "success" ? [] : (errors ?? ["The pod refuses."]).map(String));
  }

  async #answer(request, args) {
    const name = request.toLowerCase();
    if (name === "getmemberauthentication") this.#respond(name, await memberAuthentication());
    else if (name === "getscreenobject") this.#respond(name, this.screenObject);
    else if (name === "refreshscreen") {
      document.dispatchEvent(new CustomEvent("psa:refresh"));
      this.#respond(name, {});
    } else if (name === "setdirty") {
      this.isDirty = Boolean(args.dirty);
      this.#say(this.isDirty ? "Unsaved changes" : "Ready");
      this.#respond(name, {});
    } else if (name === "openscreen" && args.screen === "ticket" && Number.isInteger(args.id)) {
      if (args.newTab) window.open(`/tickets/${args.id}`, "_blank", "noopener");
      else location.assign(`/tickets/${args.id}`);
      this.#respond(name, {});
    }
  }

  #respond(name, data) {
    this.#post({ response: name, data });
  }

  #post(message) {
    this.frame.contentWindow.postMessage(JSON.stringify(message), this.origin);
  }

  #say(text) {
    const place = this.frame.closest(".pod").querySelector("[data-pod-state]");
    place.textContent = text;
  }
}

async function memberAuthentication() {
  const response = await fetch("/member-authentication", { method: "POST" });
  return response.json();
}

/** Ask every pod before something is done; the reasons against it, none when all agree. */
export async function askPods(event) {
  return (await Promise.all(pods.map((pod) => pod.ask(event)))).flat();
}

for (const frame of document.querySelectorAll("iframe[data-pod]")) pods.push(new Pod(frame));

window.addEventListener("message", (event) => {
  const pod = pods.find(({ frame }) => frame.contentWindow === event.source);
  if (!pod || event.origin !== pod.origin || typeof event.data !== "string") return;
  try {
    const message = JSON.parse(event.data);
    if (message && typeof message === "object") pod.receive(message);
  } catch {
    // Not one of ours.
  }
});

// Only now that somebody listens: what a quick pod says first must not be lost.
for (const { frame } of pods) frame.src = frame.dataset.src;

window.addEventListener("beforeunload", (event) => {
  if (pods.some((pod) => pod.isDirty)) event.preventDefault();
});

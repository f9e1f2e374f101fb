/**
 * The panel's side of the conversation with a ConnectWise PSA ticket screen.
 *
 * Messages are JSON strings, sent to and taken from the configured PSA only.
 * https://developer.connectwise.com/Hosted_APIs
 */

const ANSWER_WITHIN = 15000;

let session;

/**
 * Introduce the panel to the screen that frames it.
 *
 * origins   the PSA's origins, exactly as browsers write them ("https://na.myconnectwise.net")
 * Resolves to { claims, screen }: claims for the server to prove ({ site, companyid, memberid, memberHash, memberContext,
 * memberEmail }), screen the record that is open ({ screen, id }). Rejects with an Error when the PSA says nothing.
 * May be called again for fresh claims: the screen is greeted once, since it need not answer a second greeting.
 */
export async function connect({ origins }) {
  session ??= new Session(origins);
  await session.begin();
  const claims = await session.ask("getMemberAuthentication");
  const screen = await session.ask("getScreenObject");
  return { claims: pickClaims(claims), screen: pickScreen(screen) };
}

/** Have the PSA read its ticket screen anew, after something changed there by our doing. */
export function refreshScreen() {
  session?.tell({ hosted_request: "refreshScreen", request: "refreshScreen" });
}

class Session {
  #origins;
  #origin;
  #frameID;
  #waiting = new Map();

  constructor(origins) {
    this.#origins = new Set(origins);
    window.addEventListener("message", (event) => this.#receive(event));
  }

  /** Say that we are here; the PSA answers with the name it has given our frame. */
  async begin() {
    if (this.#frameID !== undefined) return;
    const named = this.#expect("frame");
    // Which of the origins frames us is not known yet; the browser delivers to the right one only.
    for (const origin of this.#origins) this.#post({ message: "ready" }, origin);
    await named;
  }

  /** Ask for something; the answer's name is the request's in lower case. */
  ask(name) {
    const answer = this.#expect(name.toLowerCase());
    // Newer screens read hosted_request, older ones request.
    this.tell({ hosted_request: name, request: name });
    return answer;
  }

  tell(message) {
    this.#post({ ...message, frameID: this.#frameID }, this.#origin);
  }

  #post(message, origin) {
    window.parent.postMessage(JSON.stringify(message), origin);
  }

  /** The next answer of this name; all who wait for it share it. */
  #expect(name) {
    if (!this.#waiting.has(name)) {
      const { promise, resolve, reject } = deferred();
      const timer = setTimeout(() => this.#settle(name, reject, new Error("ConnectWise does not answer.")), ANSWER_WITHIN);
      this.#waiting.set(name, { promise, resolve, timer });
    }
    return this.#waiting.get(name).promise;
  }

  #answer(name, value) {
    const waiting = this.#waiting.get(name);
    if (waiting) this.#settle(name, waiting.resolve, value);
  }

  #settle(name, how, value) {
    clearTimeout(this.#waiting.get(name).timer);
    this.#waiting.delete(name);
    how(value);
  }

  #receive(event) {
    if (event.source !== window.parent || !this.#origins.has(event.origin)) return;
    const message = parse(event.data);
    if (!message) return;
    if (message.MessageFrameID !== undefined) {
      this.#origin = event.origin;
      this.#frameID = message.MessageFrameID;
      this.#answer("frame");
    } else if (typeof message.response === "string") {
      this.#answer(message.response.toLowerCase(), message.data ?? {});
    } else if (typeof message.event === "string") {
      // Unanswered, the PSA's screen waits for ever. The panel holds nothing that a save or a step back could lose.
      this.tell({ event: message.event, _id: message._id, result: "success" });
    }
  }
}

function deferred() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}

function parse(data) {
  if (typeof data !== "string") return null;
  try {
    const message = JSON.parse(data);
    return message && typeof message === "object" ? message : null;
  } catch {
    return null; // other scripts post messages too
  }
}

function pickClaims(data) {
  const names = ["site", "companyid", "memberid", "memberHash", "memberContext", "memberEmail"];
  return Object.fromEntries(names.map((name) => [name, String(data[name] ?? "")]));
}

function pickScreen(data) {
  return { screen: String(data.screen ?? ""), id: String(data.id ?? "") };
}

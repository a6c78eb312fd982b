// Who buys: the dialog that asks for it, and the line above the cart that tells it.

import { ask, UnreachedError } from "./server.js";

const at = (id) => document.getElementById(id);
const FIELDS = ["phone", "name", "note"];

export class Buyer {
  // `tell(content)`: somebody said who it is. `open()`: somebody wants to say.
  constructor({ tell, open }) {
    Object.assign(this, { tell });
    at("buyer").addEventListener("click", open);
    at("buyer-form").addEventListener("submit", (event) => (event.preventDefault(), this.send()));
    at("buyer-phone").addEventListener("change", () => this.recall());
  }

  get isTold() {
    return at("buyer").childElementCount > 0;
  }

  show() {
    const told = at("buyer").querySelector("button")?.dataset ?? {};
    for (const field of FIELDS) at(`buyer-${field}`).value = told[field] ?? "";
    this.say("");
    at("buyer-dialog").showModal();
  }

  say(text) {
    at("buyer-told").textContent = text;
  }

  send() {
    this.tell(Object.fromEntries(FIELDS.map((field) => [field, at(`buyer-${field}`).value])));
  }

  // The name that came with this phone before; what was typed meanwhile stays.
  async recall() {
    const phone = at("buyer-phone").value;
    if (!phone) return;
    try {
      const { status, body } = await ask("/till/buyer/known", { phone });
      if (status === 400) this.say(body.detail);
      else if (status === 200 && phone === at("buyer-phone").value) this.say(""), (at("buyer-name").value ||= body.name);
    } catch (error) {
      if (!(error instanceof UnreachedError)) throw error;
    }
  }
}

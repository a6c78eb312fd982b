// Goods that come back: what for, their scans, undoing a whole sale, and giving the money back.

import { keys } from "./keys.js";
import { ask, UnreachedError } from "./server.js";
import { word } from "./words.js";

const at = (id) => document.getElementById(id);

export class Returns {
  // `cart`: what they come back with. `send(work)`: takes a turn. `bring(content)`: a scan's answer is shown.
  // `undo(number)`: a whole sale is to be undone. `done(body)`, `refused(body)`: what became of it.
  constructor(parts) {
    Object.assign(this, parts);
    this.sale = ""; // the sale that goods without serials are of
    at("return-form").addEventListener("submit", (event) => (event.preventDefault(), this.begin()));
    at("void-form").addEventListener("submit", (event) => (event.preventDefault(), this.undoSale()));
    at("refund-form").addEventListener("submit", (event) => (event.preventDefault(), this.settle(false)));
    at("refund-as-credit").addEventListener("click", () => this.settle(true));
    at("refund").addEventListener("keydown", (event) => this.press(event));
    at("returning-end").addEventListener("click", () => this.end());
  }

  // Whether scans are of what comes back.
  get isOn() {
    return !at("returning").hidden;
  }

  // Ask what comes back, or sell again.
  toggle() {
    if (this.isOn) return this.end();
    at("void-number").value = document.querySelector("#done:not([hidden]) #receipt-number")?.textContent ?? "";
    at("return").showModal();
  }

  begin() {
    const chosen = [...at("return-form").querySelectorAll("input:checked")];
    [this.reason, this.condition] = chosen.map((choice) => choice.value);
    at("returning-how").textContent = chosen.map((choice) => choice.closest("label").textContent.trim()).join(" · ");
    at("return").close();
    at("returning").hidden = false;
    this.sale = "";
  }

  end() {
    at("returning").hidden = true;
  }

  // What a scan asks of the server while this is on.
  asked(text) {
    return { text, reason: this.reason, condition: this.condition, sale: this.sale };
  }

  undoSale() {
    const number = at("void-number").value.trim();
    at("return").close();
    if (number) this.undo(number);
  }

  // Ask how the money goes back.
  askHow() {
    at("refund-parts").innerHTML = this.cart.refund;
    at("refund-told").textContent = "";
    at("refund").showModal();
    (at("refund-parts").querySelector("input") ?? at("refund-as-paid")).focus();
  }

  press(event) {
    if (event.key !== keys.discount) return;
    event.preventDefault();
    this.settle(true);
  }

  // The same request again is the same ticket: who got no answer may press once more.
  settle(asCredit) {
    if (this.isSending) return;
    const fields = [...at("refund-parts").querySelectorAll("input")];
    const lacking = asCredit ? null : fields.find((field) => !field.value.trim());
    if (lacking) return this.tell(word("reference")), lacking.focus();
    const references = Object.fromEntries(asCredit ? [] : fields.map(({ dataset, value }) => [dataset.method, value.trim()]));
    const content = { cart: this.cart.id, expected_total: this.cart.total, as_credit: asCredit, references };
    this.isSending = true;
    this.send(() => this.deliver(content).finally(() => (this.isSending = false)));
  }

  async deliver(content) {
    try {
      const { status, body } = await ask("/till/returns/settle", content);
      if (status === 200) return at("refund").close(), this.end(), this.done(body);
      this.refused(body);
      this.tell(body.told ?? body.detail ?? word("unsettled"));
    } catch (error) {
      if (!(error instanceof UnreachedError)) throw error;
      this.tell(word("unsettled"));
    }
  }

  tell(text) {
    at("refund-told").textContent = text;
  }
}

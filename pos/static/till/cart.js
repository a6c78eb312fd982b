// The cart as the server drew it, and the line that is chosen in it.

import { CartRows } from "./cart_rows.js";
import { word } from "./words.js";

const place = document.getElementById("cart");
const sum = document.getElementById("sum");
const notes = document.getElementById("notes");
const taken = document.getElementById("taken");
const alone = document.getElementById("alone");
const buyer = document.getElementById("buyer");

export class Cart {
  // `change(path, content)` asks the server for a change; `content()` is called when its turn has come.
  constructor(state, change) {
    this.change = change;
    this.chosen = null;
    this.drawing = new CartRows(place);
    this.take(state);
    place.addEventListener("click", (event) => this.click(event));
  }

  // Show a new state; parts that it does not hold stay as they are.
  take(state) {
    if (state.cart === undefined) return;
    const held = focusInside();
    this.id = state.cart_id;
    this.total = state.total;
    this.due = state.due; // what is left to pay
    this.dueCash = state.due_cash; // the same in cash, rounded
    this.hasMoney = state.taken !== "";
    this.refund = state.refund; // how what comes back is paid back, "" while something is left to pay
    this.needsLeader = state.needs_leader;
    this.count = state.count;
    this.drawing.draw(state.cart);
    // Only what has changed is written: a screen reader reads it out.
    if (sum.innerHTML !== state.sum) sum.innerHTML = state.sum;
    if (notes.innerHTML !== state.notes) notes.innerHTML = state.notes;
    if (taken.innerHTML !== state.taken) taken.innerHTML = state.taken;
    if (alone.innerHTML !== state.alone) alone.innerHTML = state.alone;
    if (buyer.innerHTML !== state.buyer) buyer.innerHTML = state.buyer;
    document.getElementById("pay-open").disabled = !state.count;
    document.getElementById("pay-word").textContent = word(state.refund ? "give-back" : "pay");
    this.choose(this.row(this.chosen) ? this.chosen : null);
    refocus(held);
    place.querySelector("tr.new")?.scrollIntoView({ block: "nearest" });
  }

  rows() {
    return [...place.querySelectorAll("tr[data-line]")];
  }

  row(line) {
    return this.rows().find((row) => row.dataset.line === line);
  }

  choose(line) {
    this.chosen = line;
    for (const row of this.rows()) {
      const isChosen = row.dataset.line === line;
      row.classList.toggle("chosen", isChosen);
      if (isChosen) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  // Choose the next line below (+1) or above (-1).
  step(way) {
    const rows = this.rows();
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.dataset.line === this.chosen);
    const next = at < 0 ? (way > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + way));
    this.choose(rows[next].dataset.line);
    rows[next].scrollIntoView({ block: "nearest" });
  }

  takeOut(line = this.chosen) {
    const rows = this.rows();
    const at = rows.findIndex((row) => row.dataset.line === line);
    if (at < 0) return;
    if (line === this.chosen) this.chosen = (rows[at + 1] ?? rows[at - 1])?.dataset.line ?? null;
    this.change("/till/take-out", () => ({ line }));
  }

  // One more (+1) or fewer (-1) of a line without serials.
  add(way, line = this.chosen) {
    const product = this.row(line)?.dataset.product;
    if (!product) return;
    const quantity = () => Math.max(0, Number(this.row(line)?.dataset.quantity ?? 0) + way);
    this.change("/till/quantity", () => ({ product: Number(product), quantity: quantity() }));
  }

  click(event) {
    const button = event.target.closest("button");
    const line = event.target.closest("tr[data-line]")?.dataset.line;
    if (line === undefined) return;
    if (button?.matches("[data-take-out]")) this.takeOut(line);
    else if (button?.matches("[data-more]")) this.add(1, line);
    else if (button?.matches("[data-less]")) this.add(-1, line);
    else this.choose(line);
  }
}

function focusInside() {
  const button = document.activeElement?.closest?.("#cart button");
  if (!button) return null;
  const kind = ["data-take-out", "data-more", "data-less"].find((name) => button.hasAttribute(name));
  return { line: button.closest("tr").dataset.line, kind };
}

// The focus stays where it was; if its line has gone, on the cart, so that Tab goes on from there.
function refocus(held) {
  if (!held) return;
  const row = [...place.querySelectorAll("tr[data-line]")].find((entry) => entry.dataset.line === held.line);
  (row?.querySelector(`[${held.kind}]`) ?? place).focus();
}

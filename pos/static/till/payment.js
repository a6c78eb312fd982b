// Paying: the pane beside the cart, its fields, and the request that is sent until an answer comes.

import { read, tidied, typed, written } from "./money.js";
import { ask, UnreachedError } from "./server.js";
import { word } from "./words.js";

const AGAIN = 2000; // ms between two tries of a request that nobody answered
const KEPT = "lunas.tender"; // where an unanswered request outlives the page

const at = (id) => document.getElementById(id);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Payment {
  // `cart`: what is paid. `send(work)`: takes a turn. `refused(body, told)` and `done(body)`: the server's answers.
  constructor({ cart, send, refused, done }) {
    Object.assign(this, { cart, send, refused, done });
    this.method = "cash";
    this.isSending = false;
    for (const button of document.querySelectorAll("[data-method]"))
      button.addEventListener("click", () => this.choose(button.dataset.method));
    at("amount").addEventListener("input", () => this.reckon());
    at("notes").addEventListener("click", (event) => this.hand(event.target.closest("[data-amount]")));
    for (const form of [at("pay-cash"), at("pay-card")])
      form.addEventListener("submit", (event) => (event.preventDefault(), this.pay()));
    at("pay-now").addEventListener("click", () => this.pay());
    at("pay-close").addEventListener("click", () => this.close());
  }

  // Whether the pane is open.
  get isOpen() {
    return !at("pay").hidden;
  }

  open(method) {
    if (!this.isOpen) at("amount").value = at("reference").value = "";
    this.draw(true);
    this.choose(method);
  }

  close() {
    if (this.isSending) return;
    this.draw(false);
    at("pay-open").focus();
  }

  draw(isOpen) {
    at("pay").hidden = at("pay-now").hidden = !isOpen;
    at("pay-open").hidden = isOpen;
    document.body.classList.toggle("is-paying", isOpen);
  }

  choose(method) {
    this.method = method;
    at("pay-cash").hidden = method !== "cash";
    at("pay-card").hidden = method !== "card";
    for (const button of document.querySelectorAll("[data-method]"))
      button.setAttribute("aria-pressed", String(button.dataset.method === method));
    this.tell("");
    this.reckon();
    at(method === "cash" ? "amount" : "reference").focus();
  }

  get other() {
    return this.method === "cash" ? "card" : "cash";
  }

  // A note was pressed: it is what the customer gave.
  hand(button) {
    if (!button) return;
    at("amount").value = typed(Number(button.dataset.amount));
    at("amount").focus();
    this.reckon();
  }

  // Show what to give back for what stands in the field.
  reckon() {
    const field = at("amount");
    const isAtEnd = field.selectionStart === field.value.length;
    const tidy = tidied(field.value);
    if (tidy !== field.value && isAtEnd) field.value = tidy;
    const amount = read(field.value);
    const rest = amount === null ? null : amount - this.cart.total;
    at("change-word").textContent = word(rest !== null && rest < 0 ? "short" : "change");
    at("change").textContent = rest === null ? "–" : written(Math.abs(rest));
    at("change-row").classList.toggle("is-short", rest !== null && rest < 0);
  }

  tell(text) {
    at("pay-told").textContent = text;
  }

  pay() {
    if (this.isSending || !this.isOpen) return;
    const tender = this.tender();
    if (tender) this.deliver(tender);
  }

  // What to send, null (and told) where something is missing.
  tender() {
    const { id, total } = this.cart;
    const common = { cart: id, method: this.method, expected_total: total };
    if (this.method === "card") {
      const reference = at("reference").value.trim();
      const wrong = !reference ? "reference" : isCardNumber(reference) ? "card-number" : "";
      if (wrong) return this.tell(word(wrong)), at("reference").focus(), null;
      return { ...common, amount: total, reference };
    }
    const amount = read(at("amount").value);
    if (amount === null || amount < total) return this.tell(word("too-little")), at("amount").focus(), null;
    return { ...common, amount, reference: "" };
  }

  // A request that was under way when the page was left is sent again: only its answer tells what was paid.
  resume() {
    const kept = localStorage.getItem(KEPT);
    if (kept) this.deliver(JSON.parse(kept));
  }

  deliver(tender) {
    this.busy(true);
    localStorage.setItem(KEPT, JSON.stringify(tender));
    this.send(async () => {
      const { status, body } = await this.insist(tender);
      localStorage.removeItem(KEPT);
      this.busy(false);
      if (status === 200) this.draw(false), this.done(body);
      else this.fail(body);
    });
  }

  // Send the same request until an answer comes: the sale's number makes many of it one sale.
  async insist(tender) {
    for (;;) {
      try {
        const answer = await ask("/till/pay", tender);
        if (answer.status < 500) return answer;
      } catch (error) {
        if (!(error instanceof UnreachedError)) throw error;
      }
      if (!this.isOpen) this.draw(true);
      this.tell(word("sending"));
      await wait(AGAIN);
    }
  }

  fail(body) {
    const told = body.told ?? body.detail;
    if (body.count === 0) this.draw(false);
    this.refused(body, told);
    if (this.isOpen) this.choose(this.method);
    this.tell(told);
  }

  busy(isBusy) {
    this.isSending = isBusy;
    at("pay-now").disabled = isBusy;
    at("pay").setAttribute("aria-busy", String(isBusy));
  }
}

// The form of a card's number: 13 to 19 digits with a right Luhn digit.
export function isCardNumber(text) {
  const figures = text.replace(/[ -]/g, "");
  if (!/^\d{13,19}$/.test(figures)) return false;
  const sum = [...figures].reverse().reduce((total, figure, place) => {
    const value = Number(figure) * (1 + (place % 2));
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

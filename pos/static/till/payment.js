// Paying: the pane beside the cart, its ways to pay, and the request that is sent until an answer comes.

import { read, tidied, typed, written } from "./money.js";
import { ask, UnreachedError } from "./server.js";
import { word } from "./words.js";

const AGAIN = 2000; // ms between two tries of a request that nobody answered
const KEEP = 300000; // ms after which the goods are leased anew while somebody pays
const KEPT = "lunas.tender"; // where an unanswered request outlives the page
const CREDIT = /^LC[0-9A-Z]{13}$/; // a voucher's code as a scanner reads it
const FIELDS = { cash: "amount", credit: "credit" }; // the others: "reference"

const at = (id) => document.getElementById(id);
const all = (selector) => document.querySelectorAll(selector);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Payment {
  // `cart`: what is paid. `send(work)`: takes a turn. `refused(body, told)`, `part(body)`, `done(body)`: the answers.
  constructor(parts) {
    Object.assign(this, parts);
    this.method = "";
    this.isSending = false;
    for (const button of all("[data-method]")) button.addEventListener("click", () => this.choose(button.dataset.method));
    at("amount").addEventListener("input", () => this.reckon());
    at("share").addEventListener("change", () => this.showCode());
    at("notes").addEventListener("click", (event) => this.hand(event.target.closest("[data-amount]")));
    for (const form of all("#pay form")) form.addEventListener("submit", (event) => (event.preventDefault(), this.pay()));
    at("pay-now").addEventListener("click", () => this.pay());
    at("pay-close").addEventListener("click", () => this.close());
    setInterval(() => this.isOpen && !this.isSending && this.keep(), KEEP);
  }

  // Whether the pane is open.
  get isOpen() {
    return !at("pay").hidden;
  }

  // Open the pane to choose in, or in a way to pay, which `open("3")` names by its key.
  open(key = "") {
    const button = key ? document.querySelector(`[data-method][data-key="${key}"]`) : null;
    if (key && !button) return;
    this.draw(true);
    this.choose(button?.dataset.method ?? "");
  }

  // Whether a scan was a voucher's code, which is entered to be paid with.
  takes(text) {
    if (!CREDIT.test(text) || !this.cart.count || this.isSending) return false;
    this.open("5");
    at("credit").value = text;
    return true;
  }

  close() {
    if (this.isSending || !this.isOpen) return;
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
    this.confirmed = null;
    for (const id of ["amount", "reference", "credit"]) at(id).value = "";
    at("pay-cash").hidden = method !== "cash";
    at("pay-credit").hidden = method !== "credit";
    at("pay-cashless").hidden = !["card", "qris", "transfer"].includes(method);
    for (const part of all("#pay [data-of]")) part.hidden = !part.dataset.of.split(" ").includes(method);
    for (const button of all("[data-method]")) button.setAttribute("aria-pressed", String(button.dataset.method === method));
    this.tell("");
    this.shared = at("share").value = "";
    this.share();
    this.reckon();
    const field = method ? at(FIELDS[method] ?? "reference") : document.querySelector("[data-method]");
    field.focus();
    if (method) this.keep();
  }

  // What is left to pay stands in the field, unless somebody wants to pay less of it.
  share() {
    if (at("share").value !== this.shared) return;
    this.shared = at("share").value = typed(this.cart.due);
    this.showCode();
  }

  showCode() {
    const code = at("qris-code");
    if (code && this.method === "qris") code.src = `${code.dataset.code}?amount=${read(at("share").value) ?? ""}`;
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
    const rest = amount === null ? null : amount - this.cart.dueCash;
    at("change-word").textContent = word(rest !== null && rest < 0 ? "short" : "change");
    at("change").textContent = rest === null ? "–" : written(Math.abs(rest));
    at("change-row").classList.toggle("is-short", rest !== null && rest < 0);
  }

  // The cart is another one since.
  redraw() {
    if (this.isOpen && !this.isSending) this.share();
    this.reckon();
  }

  tell(text) {
    at("pay-told").textContent = text;
    if (text) at("pay-told").scrollIntoView({ block: "nearest" });
  }

  pay() {
    if (this.isSending || !this.isOpen) return;
    if (!this.method) return this.tell(word("choose"));
    const tender = this.tender();
    if (tender) this.deliver(tender);
  }

  // What to send, null (and told) where something is missing.
  tender() {
    const found = this.method === "cash" ? this.cash() : this.method === "credit" ? this.credit() : this.cashless();
    if (!found) return null;
    if (found.wrong) return this.tell(word(found.wrong)), at(found.field).focus(), null;
    return { tender: newId(), cart: this.cart.id, method: this.method, expected_total: this.cart.total, ...found };
  }

  // Less than the total is a part of it once somebody says so twice.
  cash() {
    const amount = read(at("amount").value);
    const isPart = amount && amount === this.confirmed;
    this.confirmed = amount;
    if (amount === null || (amount < this.cart.dueCash && !isPart)) return { wrong: "too-little", field: "amount" };
    return { amount, reference: "" };
  }

  cashless() {
    const amount = read(at("share").value);
    if (!amount || amount > this.cart.due) return { wrong: "too-much", field: "share" };
    const reference = at("reference").value.trim();
    const wrong = !reference ? "reference" : holdsCardNumber(reference) ? "card-number" : "";
    return wrong ? { wrong, field: "reference" } : { amount, reference };
  }

  credit() {
    const reference = at("credit").value.trim();
    return reference ? { amount: this.cart.due, reference } : { wrong: "credit", field: "credit" };
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
      if (status !== 200) return this.fail(body);
      if (body.done) return this.draw(false), this.done(body);
      this.part(body);
      this.choose("");
    });
  }

  // Send the same request until an answer comes: the payment's number makes many of it one.
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

  // What was typed stays, to be put right.
  fail(body) {
    const told = body.told ?? body.detail;
    if (body.count === 0) this.draw(false);
    this.refused(body, told);
    this.reckon();
    this.tell(told);
    if (this.isOpen && this.method) at(FIELDS[this.method] ?? "reference").focus();
  }

  busy(isBusy) {
    this.isSending = isBusy;
    at("pay-now").disabled = isBusy;
    at("pay").setAttribute("aria-busy", String(isBusy));
  }
}

// A page over plain HTTP to another machine has no crypto.randomUUID.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// Whether a text holds a card's number: 13 to 19 digits with a right Luhn digit.
export function holdsCardNumber(text) {
  return (text.match(/(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)/g) ?? []).some((number) => hasLuhnSum(number.replace(/[ -]/g, "")));
}

function hasLuhnSum(figures) {
  const sum = [...figures].reverse().reduce((total, figure, place) => {
    const value = Number(figure) * (1 + (place % 2));
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

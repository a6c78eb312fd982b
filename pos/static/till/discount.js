// Discounts: the dialog that asks what is off, how much and why.

import { read, tidied } from "./money.js";
import { word } from "./words.js";

const at = (id) => document.getElementById(id);
const HUNDRED = 10000; // percent, in hundredths

export class Discounts {
  // `cart`: what they are off. `give(content)`, `drop(content)`: somebody asked for that.
  constructor({ cart, give, drop }) {
    Object.assign(this, { cart, give, drop });
    at("discount-form").addEventListener("submit", (event) => (event.preventDefault(), this.send()));
    at("discount-form").addEventListener("change", (event) => event.target.type === "radio" && this.tidy());
    at("discount-value").addEventListener("input", () => this.tidy());
    at("discount-drop").addEventListener("click", () => this.drop({ line: this.line }));
  }

  open() {
    const row = this.cart.row(this.cart.chosen);
    const [line, whole] = this.choices("off-what");
    line.closest("label").hidden = !row;
    at("discount-line").textContent = row?.querySelector(".name").textContent ?? "";
    (row ? line : whole).checked = true;
    at("discount-value").value = at("discount-note").value = "";
    this.say("");
    at("discount-dialog").showModal();
    at("discount-value").focus();
  }

  choices(name) {
    return [...at("discount-form").elements[name]];
  }

  chosen(name) {
    return this.choices(name).find((choice) => choice.checked).value;
  }

  // The key of the line that it is off, "" for the whole.
  get line() {
    return this.chosen("off-what") && this.cart.chosen;
  }

  tidy() {
    const field = at("discount-value");
    const isAtEnd = field.selectionStart === field.value.length;
    if (this.chosen("off-kind") === "amount" && isAtEnd) field.value = tidied(field.value);
    this.say("");
  }

  say(text) {
    at("discount-told").textContent = text;
  }

  send() {
    const kind = this.chosen("off-kind");
    const text = at("discount-value").value;
    const value = kind === "amount" ? read(text) : hundredths(text);
    if (!value || (kind === "percent" && value > HUNDRED)) return this.say(word("how-much")), at("discount-value").focus();
    this.give({ line: this.line, [kind]: value, reason: at("discount-reason").value, note: at("discount-note").value });
  }
}

// A percentage as typed, with a decimal point or comma, in hundredths; null for anything else.
function hundredths(text) {
  const figures = /^\s*(\d{1,3})(?:[.,](\d{1,2}))?\s*%?\s*$/.exec(text);
  return figures && Number(figures[1]) * 100 + Number((figures[2] ?? "").padEnd(2, "0"));
}

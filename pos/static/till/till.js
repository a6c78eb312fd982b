// The till's page: scans and keys come in here and go to the part that they mean.

import { Answers } from "./answers.js";
import { Approval } from "./approval.js";
import { listen } from "./attached.js";
import { Buyer } from "./buyer.js";
import { Cart } from "./cart.js";
import { tellCustomer } from "./customer_view.js";
import { Discounts } from "./discount.js";
import { Finding } from "./find.js";
import { HeldSales } from "./held.js";
import { Lights } from "./lights.js";
import { Mail } from "./mail.js";
import { Payment } from "./payment.js";
import { Printing } from "./printing.js";
import { Returns } from "./returns.js";
import { ScanKeys } from "./scan_keys.js";
import { ask, UnreachedError } from "./server.js";
import { Shift } from "./shift.js";
import { Shortcuts } from "./shortcuts.js";
import { sound } from "./sounds.js";
import { Turns } from "./turns.js";
import { word } from "./words.js";

const at = (id) => document.getElementById(id);
const body = document.body;
const turns = new Turns();
const answers = new Answers(() => turns.add(refresh));
const cart = new Cart(JSON.parse(body.dataset.state), change);
const approval = new Approval();
const payment = new Payment({ cart, send: (work) => turns.add(work), refused, part, done, keep });
const discounts = new Discounts({ cart, give: giveDiscount, drop: dropDiscount });
const buyer = new Buyer({ tell: tellBuyer, open: askForBuyer });
const finding = new Finding((sale) => (closeDialogs(), printing.again(sale)));
const held = new HeldSales({ open: openHeld, discard: discardHeld });
const mail = at("mail") ? new Mail((text) => answers.note(text)) : null;
const printing = at("printer-told") ? new Printing((text) => answers.note(text)) : null;
const returns = new Returns({ cart, send: (work) => turns.add(work), undo: undoSale, done, refused: (state) => cart.take(state) });
const shift = new Shift({ approval, note: (text) => answers.note(text) });
let beside = ""; // an ambiguous serial whose product's code is awaited
let isRefreshDue = false;

function scan(text) {
  if (approval.isOpen) return approval.scan(text);
  if (finding.isOpen) return void finding.scan(text);
  if (shift.isBusy) return shift.refuse();
  closeDialogs();
  if (!answers.isLocked && !returns.isOn && payment.takes(text)) return;
  turns.add(() => (answers.isLocked ? answers.refuse() : count(text)));
}

async function count(text) {
  const asked = returns.isOn ? returns.asked(text) : { text, beside };
  beside = "";
  try {
    const { status, body: told } = await ask(returns.isOn ? "/till/returns/scan" : "/till/scan", asked);
    if (told.answer === undefined) return fail();
    returns.sale = told.sale ?? returns.sale;
    beside = told.ambiguous ?? "";
    cart.take(told);
    payment.redraw();
    if (told.level === "good") clearDone();
    answers.show(told.answer, told.level);
    isRefreshDue = status !== 200;
  } catch (error) {
    if (!(error instanceof UnreachedError)) throw error;
    fail();
  }
}

function fail() {
  isRefreshDue = true;
  answers.say("unreached", "hard");
}

function half() {
  if (shift.isBusy) shift.refuse();
  else if (answers.isLocked) answers.refuse();
  else answers.say("half", "soft");
}

// What the cart really holds, after an answer that did not tell.
async function refresh() {
  if (isRefreshDue && (await take("/till/cart"))) isRefreshDue = false;
}

function change(path, content) {
  turns.add(async () => {
    if (!(await take(path, content())) && !answers.isLocked) answers.say("undone", "soft");
  });
}

// Draw the cart that the server answers with; false where it gave none.
async function take(path, content) {
  try {
    const { status, body: state } = await ask(path, content);
    if (status === 200) cart.take(state), payment.redraw();
    return status === 200;
  } catch (error) {
    if (!(error instanceof UnreachedError)) throw error;
    return false;
  }
}

function refused(state, told) {
  sound("soft");
  cart.take(state);
  if (!payment.isOpen) answers.note(told);
}

function part(state) {
  sound("good");
  cart.take(state);
}

// Lease the goods for as long again.
function keep() {
  turns.add(() => take("/till/keep", {}));
}

function done(state) {
  sound("good");
  cart.take(state);
  at("done").innerHTML = state.done;
  at("done").hidden = false;
  body.classList.add("is-done");
  answers.clear();
}

function clearDone() {
  at("done").hidden = true;
  body.classList.remove("is-done");
}

// Open the payment to choose in, or in the way whose key was pressed.
function pay(key) {
  if (answers.isLocked) return answers.insist();
  if (!cart.count) return answers.say("empty", "soft");
  if (shift.isMissing && !isAlone()) return shift.show();
  clearDone();
  if (cart.needsLeader) return allowReturn(key);
  if (cart.refund) return returns.askHow();
  payment.open(key);
}

// What comes back is worth more than one person may give back: a leader allows it, then paying goes on.
function allowReturn(key) {
  turns.add(async () => {
    const answer = await approval.ask("/till/returns/allow", { cart: cart.id });
    if (answer?.status !== 200) return;
    cart.take(answer.body);
    if (!cart.needsLeader) pay(key);
  });
}

function undoSale(number) {
  if (!mayChange()) return;
  clearDone();
  settle("/till/returns/void", () => ({ number }), () => sound("good"));
}

function askToReturn() {
  if (isAlone()) return refuseAlone();
  if (returns.isOn || mayChange()) returns.toggle();
}

// Whether the till sells from its own copy, which knows neither held sales nor what was sold before.
function isAlone() {
  return at("alone").childElementCount > 0;
}

function refuseAlone() {
  sound("soft");
  answers.note(word("alone"));
}

// Whether the cart may be changed for another one: not while a refusal or an answer about money is awaited.
function mayChange() {
  if (answers.isLocked) return answers.insist(), false;
  payment.close();
  return !payment.isOpen;
}

function askToHold() {
  if (!mayChange()) return;
  if (!cart.count) return sound("soft"), answers.note(word("nothing-to-hold"));
  at("hold-note").value = "";
  at("hold").showModal();
}

function hold() {
  const note = at("hold-note").value;
  closeDialogs();
  settle("/till/hold", () => ({ cart: cart.id, note }), () => (sound("good"), answers.note(word("held"))));
}

function askForShift() {
  if (mayChange()) shift.show();
}

function askForDiscount() {
  if (!mayChange()) return;
  if (!cart.count) return answers.say("empty", "soft");
  discounts.open();
}

function giveDiscount(content) {
  keepOpen(discounts, () => approval.ask("/till/discount", { cart: cart.id, ...content }));
}

// A dialog stays until it is done: what was wrong with it is told there.
function keepOpen(dialog, asked) {
  turns.add(async () => {
    try {
      const answer = await asked();
      if (!answer) return;
      const { status, body: told } = answer;
      if (status === 400) return dialog.say(told.detail);
      closeDialogs();
      if (status === 200) cart.take(told), sound("good");
      else refused(told, told.told ?? told.detail);
    } catch (error) {
      if (!(error instanceof UnreachedError)) throw error;
      dialog.say(word("not-done"));
    }
  });
}

function askForBuyer() {
  if (mayChange()) clearDone(), buyer.show();
}

function tellBuyer(content) {
  keepOpen(buyer, () => ask("/till/buyer", { cart: cart.id, ...content }));
}

function dropDiscount(content) {
  closeDialogs();
  settle("/till/discount/drop", () => ({ cart: cart.id, ...content }), () => {});
}

function showHeld() {
  if (isAlone()) return refuseAlone();
  if (mayChange()) held.show();
}

function openHeld(id) {
  closeDialogs();
  if (!mayChange()) return;
  clearDone();
  settle("/till/held/open", () => ({ held: id }), (told) => answers.show(told.answer, told.level));
}

function discardHeld(id) {
  settle("/till/held/discard", () => ({ held: id }), () => {});
}

// Ask for a change of held sales in its turn; one that was refused says why, and the cart is drawn as it is.
function settle(path, content, done) {
  turns.add(async () => {
    try {
      const { status, body: told } = await ask(path, content());
      if (status === 200) cart.take(told), done(told);
      else if (told.told) refused(told, told.told);
      else answers.say("undone", "soft");
    } catch (error) {
      if (!(error instanceof UnreachedError)) throw error;
      answers.say("undone", "soft");
    }
    await held.look();
  });
}

function askToCancel() {
  if (payment.isOpen) return payment.close();
  if (document.activeElement === at("typed")) return at("typed").blur();
  if (!cart.count && !cart.hasMoney && !buyer.isTold) return returns.end(), clearDone();
  at("cancel-money").hidden = !cart.hasMoney;
  at("cancel").showModal();
}

function cancel() {
  at("cancel").close();
  answers.clear();
  settle("/till/cancel", () => ({ cart: cart.id }), ({ told }) => told && answers.note(told));
}

function askToGiveBack(button) {
  if (!button) return;
  at("give-back").dataset.tender = button.dataset.giveBack;
  at("give-back-what").textContent = button.dataset.what;
  at("give-back").showModal();
}

function giveBack(reason) {
  if (!reason) return;
  const { tender } = at("give-back").dataset;
  closeDialogs();
  settle("/till/give-back", () => ({ tender, reason }), () => (payment.redraw(), sound("soft")));
}

function closeDialogs() {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
}

// What the page can do, by the name that the shop's keys have for it.
const ACTS = {
  help: () => at("help").showModal(),
  serial: () => (payment.close(), at("typed").focus()),
  customer: askForBuyer,
  hold: askToHold,
  held: showHeld,
  return: askToReturn,
  find: () => finding.open(),
  discount: askForDiscount,
  pay: () => pay(),
  understood: () => answers.acknowledge(),
  shift: askForShift,
  drawer: () => mayChange() && shift.askForDrawer(),
  print: () => printing?.again(),
  mail: () => mail?.open(),
  cancel: askToCancel,
};
const LINES = { ArrowDown: () => cart.step(1), ArrowUp: () => cart.step(-1), Delete: () => cart.takeOut() };
const LETTERS = { "+": () => cart.add(1), "-": () => cart.add(-1) };
for (const key of "12345") LETTERS[key] = () => pay(key);
const shortcuts = new Shortcuts(ACTS, LINES, LETTERS);

function letter(character) {
  if (at("cancel").open && character.toLowerCase() === "y") cancel();
  else shortcuts.type(character);
}

new ScanKeys({ scan, half, key: letter });
at("scan-box").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = at("typed").value.trim();
  at("typed").value = "";
  if (text) scan(text);
});
at("pay-open").addEventListener("click", () => pay());
at("cancel-no").addEventListener("click", closeDialogs);
at("cancel-yes").addEventListener("click", cancel);
for (const button of document.querySelectorAll("#help-close, [data-close]")) button.addEventListener("click", closeDialogs);
at("hold-form").addEventListener("submit", (event) => (event.preventDefault(), hold()));
at("taken").addEventListener("click", (event) => askToGiveBack(event.target.closest("[data-give-back]")));
at("give-back").addEventListener("click", (event) => giveBack(event.target.closest("[data-reason]")?.dataset.reason));

const lights = new Lights(
  (standing) => printing?.take(standing),
  () => ((isRefreshDue = true), turns.add(refresh)),
);
if (body.hasAttribute("data-scanners")) listen(scan, (state) => lights.scans(state));
tellCustomer();
payment.resume();
body.dataset.ready = "";
performance.mark("ready");

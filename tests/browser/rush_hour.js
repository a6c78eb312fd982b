// A cashier in a hurry, inside the till's page: types as a wedge scanner does, and does what the page says.
// Evaluated with a list of baskets; gives what became of each.

async (baskets) => {
  const KEY = 10; // ms a key
  const PATIENCE = 60000; // ms
  const at = (id) => document.getElementById(id);
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const money = (text) => Number(text.replace(/[^0-9]/g, ""));

  async function until(what, is) {
    const end = performance.now() + PATIENCE;
    while (!is()) {
      if (performance.now() > end) throw new Error(`waited in vain for ${what}; the answer: ${at("answer").innerText}`);
      await sleep(2);
    }
  }

  function key(name, when) {
    const event = new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true });
    // A scanner's keys have their own times, however late a busy page gets to see them.
    if (when) Object.defineProperty(event, "timeStamp", { value: when });
    (document.activeElement ?? document.body).dispatchEvent(event);
  }

  async function type(text, suffix = true) {
    const began = performance.now();
    const keys = suffix ? [...text, "Enter"] : [...text];
    for (const [place, name] of keys.entries()) {
      key(name, began + place * KEY);
      await sleep(KEY);
    }
  }

  const rows = () => document.querySelectorAll("#cart tr[data-line]").length;
  const answer = () => at("answer").querySelector("[data-level]");
  const marked = () => answer()?.setAttribute("data-old", "");
  const fresh = (level) => () => answer()?.dataset.level === level && !answer().hasAttribute("data-old");

  const DOING = {
    async good(serials) {
      const before = rows();
      for (const serial of serials) await type(serial); // without a look in between
      await until(`${serials.length} more rows`, () => rows() === before + serials.length);
    },
    async soft(serial) {
      marked();
      await type(serial);
      await until("already in the cart", fresh("soft"));
    },
    async half(text) {
      marked();
      await type(text, false);
      await until("half a scan", fresh("soft"));
    },
    // Refused, and with it what is scanned before anybody looks: that is scanned again.
    async hard([text, next]) {
      const before = rows();
      marked();
      await type(text);
      await type(next);
      await until("a refusal", () => fresh("hard")() && !at("answer").querySelector(".refused").hidden);
      key("F10");
      await until("the lock to open", () => !at("answer").querySelector("[data-understood]"));
      if (rows() !== before) throw new Error("a scan counted while the till was locked");
      await DOING.good([next]);
    },
  };

  async function pay(total, given) {
    await until(`the total ${total}`, () => money(at("total").textContent) === total);
    key("F9");
    document.querySelector('[data-method="cash"]').click();
    at("amount").value = String(given);
    at("amount").dispatchEvent(new Event("input", { bubbles: true }));
    at("pay-now").click();
    await until("the receipt", () => !at("done").hidden);
    const told = { number: at("receipt-number").textContent, change: money(at("given-back").textContent) };
    await until("an empty cart", () => rows() === 0);
    return told;
  }

  const done = [];
  for (const { steps, total, given } of baskets) {
    for (const [what, content] of steps) await DOING[what](content);
    done.push(await pay(total, given));
  }
  return done;
}

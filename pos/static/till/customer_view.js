// What the customer may see of the till, told to the window on the second screen, of the same browser.

export const CHANNEL = "lunas.customer";
export const HELLO = "hello"; // what that window says when it opens
const MOST_ROWS = 8;
const WATCHED = ["cart", "sum", "done", "pay"];

const at = (id) => document.getElementById(id);
const text = (place) => place?.textContent.trim() ?? "";

// Tell it now and after each change.
export function tellCustomer() {
  const channel = new BroadcastChannel(CHANNEL);
  const tell = () => channel.postMessage(shown());
  channel.addEventListener("message", ({ data }) => data === HELLO && tell());
  const changes = new MutationObserver(tell);
  const what = { subtree: true, childList: true, characterData: true, attributeFilter: ["hidden", "src"] };
  for (const id of WATCHED) changes.observe(at(id), what);
  tell();
}

function shown() {
  const code = at("qris-code");
  return {
    rows: [...document.querySelectorAll("#cart tr[data-line]")].slice(0, MOST_ROWS).map(row),
    label: text(at("count").previousElementSibling),
    total: text(at("total")),
    done: at("done").hidden ? null : done(),
    code: code?.checkVisibility() ? code.src : "",
  };
}

function row(place) {
  return { name: text(place.querySelector(".name")), serial: text(place.querySelector(".serial")), amount: text(place.querySelector(".num")) };
}

function done() {
  const amount = at("given-back");
  return { label: text(amount.previousElementSibling), amount: text(amount) };
}

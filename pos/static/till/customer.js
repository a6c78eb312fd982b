// The customer's screen: shows what the till's window of the same browser tells.

import { CHANNEL, HELLO } from "./customer_view.js";

const at = (id) => document.getElementById(id);

function draw({ rows, label, total, done, code }) {
  const isEmpty = !rows.length && !done;
  at("welcome").hidden = !isEmpty;
  at("basket").hidden = isEmpty;
  at("thanks").hidden = !done;
  at("rows").replaceChildren(...rows.map(line));
  at("label").textContent = done?.label ?? label;
  at("amount").textContent = done?.amount ?? total;
  at("code").hidden = !code || done;
  if (code && at("code").getAttribute("src") !== code) at("code").src = code;
}

function line({ name, serial, amount }) {
  const row = at("line").content.cloneNode(true);
  const [nameAt, serialAt, amountAt] = row.querySelectorAll("span");
  nameAt.textContent = name;
  serialAt.textContent = serial;
  amountAt.textContent = amount;
  return row;
}

const channel = new BroadcastChannel(CHANNEL);
channel.addEventListener("message", ({ data }) => data.rows && draw(data));
channel.postMessage(HELLO);
document.body.dataset.ready = "";

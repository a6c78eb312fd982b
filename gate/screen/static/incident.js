// While somebody writes down what an alarm was, the next one must not be missed: back to the gate's screen for it.

const body = document.body;
let known = null; // the alarm that was there when this page was opened

new EventSource(body.dataset.events).addEventListener("message", (event) => {
  const { state, chime } = JSON.parse(event.data);
  if (known !== null && state === "alarm" && chime !== known) location.assign(body.dataset.watch);
  known = chime;
});

// The PIN by touch or by keyboard; digits go to it wherever the focus is.

const pin = document.getElementById("pin");
const form = pin?.form;

function type(digit) {
  if (pin.value.length < pin.maxLength) pin.value += digit;
  pin.focus();
}

form?.addEventListener("click", (event) => {
  const button = event.target.closest(".pad button");
  if (!button) return;
  if (button.dataset.digit) return type(button.dataset.digit);
  pin.value = "back" in button.dataset ? pin.value.slice(0, -1) : "";
  pin.focus();
});

// A name was touched or clicked: on to the PIN. With arrow keys the focus stays with the names.
form?.addEventListener("pointerup", (event) => {
  if (event.target.closest(".name-button")) setTimeout(() => pin.focus());
});

form?.addEventListener("keydown", (event) => {
  if (event.target === pin || !/^\d$/.test(event.key)) return;
  event.preventDefault();
  type(event.key);
});

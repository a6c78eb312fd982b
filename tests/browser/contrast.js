// The texts of a page that stand out too little from their ground: each with what it is and its ratio.
() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const bytes = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const linear = (byte) => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = bytes(getComputedStyle(one).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255];
  };
  const speaks = (element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim()) &&
    element.checkVisibility() &&
    !element.closest(":disabled, .unseen, .is-locked .pay");
  const judge = (element) => {
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const [more, less] = [light(bytes(style.color)), light(ground(element))].sort((a, b) => b - a);
    const ratio = (more + 0.05) / (less + 0.05);
    const name = `${element.tagName}.${element.className} "${element.textContent.trim().slice(0, 30)}"`;
    return ratio < (isLarge ? 3 : 4.5) ? [`${name} ${ratio.toFixed(2)}`] : [];
  };
  return [...document.querySelectorAll("body *")].filter(speaks).flatMap(judge);
}

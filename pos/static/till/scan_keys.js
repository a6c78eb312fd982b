// Keys to scans, whatever has the focus. A scanner types faster than anyone: its keys are told by their times alone.

const FAST = 75; // ms between two keys of a scanner; nobody types three keys and Enter at that speed
const PAUSE = 200; // ms after which a burst without its Enter is a half scan
const SHORTEST = 3; // keys of a scan; the shortest product's code
const CERTAIN = 4; // fast keys after which it is a scanner, which may then stumble for as long as a pause
const HALF = 6; // keys of a half scan that is worth telling
const QUIET = 60; // ms after which a single key is a person's
const ALONE = 1000; // ms of silence after which a key does not belong to a person's typing
const LATE = 30; // ms by which a timer may miss its time on an idle page
const ECHO = 1000; // ms in which an Enter alone is taken for the end of the half scan before it

// What scanners send for control characters: GS between GS1 fields, LF and CR as the suffix.
const CONTROL = { "]": "\x1d", j: "\n", m: "\n" };

export class ScanKeys {
  // `scan(text)`: a whole scan came. `half()`: a part of one did. `key(character)`: a person pressed one printable key.
  constructor({ scan, half, key }) {
    this.told = { scan, half, key };
    this.forget();
    window.addEventListener("keydown", (event) => this.press(event), { capture: true });
  }

  forget() {
    clearTimeout(this.timer);
    this.burst = "";
    this.field = null;
  }

  press(event) {
    const character = characterOf(event);
    if (character === null || event.isComposing) return;
    if (event.repeat) return void this.forget();
    const gap = event.timeStamp - this.last;
    const isFast = this.burst !== "" && gap < (this.burst.length >= CERTAIN ? PAUSE : FAST);
    this.last = event.timeStamp;
    if (character === "\n") return void this.end(event, isFast);
    if (!isFast) this.begin(gap);
    // A button must not take a scan's blank for a press.
    if (!this.field && character === " " && isFast) event.preventDefault();
    if (character < " ") event.preventDefault();
    this.burst += character;
    this.watch(this.burst.length === 1 ? QUIET : PAUSE);
  }

  // Look again when nothing has followed. A late timer says that the page was busy: keys may be waiting behind it.
  watch(patience) {
    clearTimeout(this.timer);
    const due = performance.now() + patience;
    this.timer = setTimeout(() => (performance.now() - due > LATE ? this.watch(patience) : this.settle()), patience);
  }

  begin(gap) {
    // Keys that came just before may be this scan's head, unless a person was typing.
    this.isTorn = this.burst !== "" && gap < PAUSE && (this.burst.length > 1 || this.isAlone);
    this.isAlone = this.burst === "" || !(gap < ALONE);
    this.forget();
    const focus = document.activeElement;
    const isField = focus instanceof HTMLInputElement && !focus.readOnly && focus.selectionStart !== null; // it has text
    this.field = isField ? { element: focus, value: focus.value, at: focus.selectionStart } : null;
  }

  end(event, isFast) {
    const { burst, isTorn } = this;
    const isEcho = event.timeStamp - this.halfAt < ECHO;
    if (!isFast && !isEcho) return void this.forget();
    // An Enter on the heels of a key is a scanner's: it must never press a button or send a form.
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!isFast) return void this.forget();
    this.restore();
    this.forget();
    if (burst.length >= SHORTEST && !isTorn) this.told.scan(burst);
    else this.told.half();
  }

  // Silence after keys: tell what they were. They are kept, for the times of the keys alone say what belongs together.
  settle() {
    const { burst, field } = this;
    if (burst.length >= HALF) {
      this.restore();
      this.halfAt = performance.now();
      this.told.half();
    } else if (burst.length === 1 && !field) {
      this.told.key(burst);
    }
  }

  restore() {
    if (!this.field) return;
    const { element, value, at } = this.field;
    element.value = value;
    element.setSelectionRange(at, at);
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// The character that a key stands for, "\n" for a suffix, null for a key that types nothing.
function characterOf(event) {
  if (event.ctrlKey && !event.altKey && !event.metaKey) return CONTROL[event.key.toLowerCase()] ?? null;
  if (event.metaKey || (event.altKey && !event.getModifierState("AltGraph"))) return null;
  if (event.key === "Enter" || event.key === "Tab") return "\n";
  return event.key.length === 1 ? event.key : null;
}

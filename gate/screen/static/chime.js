// A chime beside the siren: two soft tones, once for each new item, and again while the siren sounds.

const AGAIN = 2500; // ms
const TONES = [[784, 0], [1047, 0.22]]; // pitch in Hz, start in seconds

export class Chime {
  // `button` allows sound where the browser wants to be asked by a touch first.
  constructor(button) {
    this.context = new AudioContext();
    this.known = "";
    this.timer = 0;
    this.button = button;
    button.addEventListener("click", () => this.context.resume());
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => this.context.resume(), { once: true });
    this.context.addEventListener("statechange", () => this.offer());
    this.offer();
  }

  offer() {
    this.button.hidden = this.context.state === "running";
  }

  // A new `name` sounds; `goesOn` repeats it.
  follow(name, goesOn) {
    if (name && name !== this.known) this.play();
    this.known = name;
    if (goesOn && !this.timer) this.timer = setInterval(() => this.play(), AGAIN);
    if (!goesOn) this.timer = clearInterval(this.timer) ?? 0;
  }

  play() {
    document.body.dataset.chimed = String(Number(document.body.dataset.chimed ?? 0) + 1);
    if (this.context.state !== "running") return;
    for (const [pitch, from] of TONES) this.tone(pitch, this.context.currentTime + from);
  }

  tone(pitch, start) {
    const loudness = new GainNode(this.context, { gain: 0 });
    const voice = new OscillatorNode(this.context, { type: "sine", frequency: pitch });
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(0.4, start + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.9);
    voice.connect(loudness).connect(this.context.destination);
    voice.start(start);
    voice.stop(start + 1);
  }
}

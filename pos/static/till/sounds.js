// Tones that need no look at the screen: good is short and high, soft a double blip, hard long and low; a gate that
// sends somebody to pay is a rising chime.

const TONES = {
  good: [{ pitch: 1760, from: 0, seconds: 0.07 }],
  soft: [{ pitch: 880, from: 0, seconds: 0.06 }, { pitch: 880, from: 0.12, seconds: 0.06 }],
  chime: [{ pitch: 784, from: 0, seconds: 0.18 }, { pitch: 1047, from: 0.22, seconds: 0.35 }],
  hard: [{ pitch: 165, from: 0, seconds: 0.7 }],
};
const EDGE = 0.008; // seconds to rise and fall, or a tone begins and ends with a click

// Made with the page: to make it takes longer than a scanner takes between two keys.
const context = new AudioContext();

export function sound(level) {
  // First what is seen, then what is heard.
  setTimeout(() => {
    context.resume();
    for (const tone of TONES[level]) play(tone);
  });
  document.body.dataset.sounded = level;
}

function play({ pitch, from, seconds }) {
  const start = context.currentTime + from;
  const loudness = new GainNode(context, { gain: 0 });
  const voice = new OscillatorNode(context, { type: pitch < 300 ? "sawtooth" : "sine", frequency: pitch });
  loudness.gain.setValueAtTime(0, start);
  loudness.gain.linearRampToValueAtTime(0.35, start + EDGE);
  loudness.gain.setValueAtTime(0.35, start + seconds - EDGE);
  loudness.gain.linearRampToValueAtTime(0, start + seconds);
  voice.connect(loudness).connect(context.destination);
  voice.start(start);
  voice.stop(start + seconds);
}

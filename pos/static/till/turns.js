// One thing at a time, in the order of asking: what is scanned while a request is under way waits for its turn.

export class Turns {
  constructor() {
    this.waiting = [];
    this.isBusy = false;
  }

  add(work) {
    this.waiting.push(work);
    if (!this.isBusy) this.run();
  }

  async run() {
    this.isBusy = true;
    while (this.waiting.length) await this.waiting.shift()();
    this.isBusy = false;
  }
}

// One line for each thing, and on a terminal a bar below them.

const BAR_CELLS = 30;
const WORD_CELLS = 11;
const KIND_CELLS = 17;
const CLEAR_LINE = '\r\u001b[2K';

/** Writes to a stream such as `process.stdout`. */
export class Report {
  #stream;
  #total = 0;
  #done = 0;
  #hasBar = false;

  constructor(stream) {
    this.#stream = stream;
  }

  /** `total`: how many lines will come. */
  begin(total) {
    this.#total = total;
    this.#done = 0;
    this.#hasBar = this.#stream.isTTY === true && total > 0;
    this.#draw();
  }

  /** `word`: what was done, or what is so. */
  line(word, kind, title) {
    this.#done += 1;
    this.say(`${word.padEnd(WORD_CELLS)}${kind.padEnd(KIND_CELLS)}${title}`);
  }

  say(text) {
    this.#stream.write(`${this.#hasBar ? CLEAR_LINE : ''}${text}\n`);
    this.#draw();
  }

  end() {
    if (this.#hasBar) this.#stream.write(CLEAR_LINE);
    this.#hasBar = false;
  }

  #draw() {
    if (!this.#hasBar) return;
    const share = Math.min(1, this.#done / this.#total);
    const full = '#'.repeat(Math.round(share * BAR_CELLS));
    this.#stream.write(`${CLEAR_LINE}[${full.padEnd(BAR_CELLS, '-')}] ${this.#done}/${this.#total}`);
  }
}

// What was typed for a rule and is not in force, kept in the browser so that no reload loses it.

export class Kept {
  /** @param {string} about id of the rule */
  constructor(about) {
    this.key = `caveat rule ${about}`;
  }

  read() {
    return this.#with((storage) => storage.getItem(this.key)) ?? undefined;
  }

  write(text) {
    this.#with((storage) => storage.setItem(this.key, text));
  }

  drop() {
    this.#with((storage) => storage.removeItem(this.key));
  }

  /** A browser may forbid its storage or have none left; then the text stands in its box and, once tried, in the room. */
  #with(use) {
    try {
      return use(window.localStorage);
    } catch {
      return null;
    }
  }
}

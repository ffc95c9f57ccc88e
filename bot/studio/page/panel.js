// A panel beside the conversation where there is room, over it where there is none.

export class Panel {
  #opener = null;

  /**
   * @param {string} id of the dialog; its title and its button to close have the same with "-title" and "-close"
   * @param {{beside: string, mark: string, closed: () => Element|null}} how from which width on it stands beside,
   *   by which class the page knows of it, and what is told when it was closed (it may say where to go then)
   */
  constructor(id, { beside, mark, closed }) {
    this.dialog = document.getElementById(id);
    this.title = document.getElementById(`${id}-title`);
    this.wide = window.matchMedia(beside);
    this.mark = mark;
    this.closed = closed;
    document.getElementById(`${id}-close`).addEventListener("click", () => this.close());
    this.dialog.addEventListener("close", () => this.#closed());
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        this.close();
      }
    });
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.close());
    this.wide.addEventListener("change", () => this.isOpen && this.#stand());
  }

  get isOpen() {
    return this.dialog.open;
  }

  open(opener) {
    this.#opener = opener;
    if (this.isOpen) this.title.focus();
    else this.#stand();
    this.dialog.scrollTop = 0;
  }

  close() {
    if (this.isOpen) this.dialog.close();
  }

  #stand() {
    this.close();
    document.body.classList.toggle(this.mark, this.wide.matches);
    if (this.wide.matches) this.dialog.show();
    else this.dialog.showModal();
    this.title.focus();
  }

  #closed() {
    // Told a moment after the fact: it may only have changed its place.
    if (this.isOpen) return;
    document.body.classList.remove(this.mark);
    const elsewhere = this.closed();
    const back = this.#opener?.isConnected ? this.#opener : (elsewhere ?? document.getElementById("write"));
    back.focus();
  }
}

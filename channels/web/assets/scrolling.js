/**
 * Keeps the right part of the conversation in view. A reply is read from its beginning, so a turn
 * that is taller than the window stays at its first line and a button says that there is more.
 */

const NEAR_PX = 24; // less than this below counts as the end
const MARGIN_PX = 12;

export class Scrolling {
  /**
   * @param {HTMLElement} conversation  the part that scrolls; on very low windows the whole page
   *   scrolls in its place
   * @param {HTMLElement} log
   * @param {HTMLButtonElement} more
   */
  constructor(conversation, log, more) {
    this.conversation = conversation;
    this.log = log;
    this.more = more;
    conversation.addEventListener("scroll", () => this.refresh(), { passive: true });
    new ResizeObserver(() => this.refresh()).observe(conversation);
    new ResizeObserver(() => this.refresh()).observe(log);
    more.addEventListener("click", () => {
      conversation.scrollBy({ top: conversation.clientHeight * 0.8 });
      conversation.focus({ preventScroll: true });
    });
  }

  refresh() {
    this.more.hidden = this.#below() <= NEAR_PX;
  }

  /**
   * Show the turn that `first` began: down to the end if it fits, else from its first line on.
   * @param {HTMLElement} first
   * @param {"auto"|"instant"} behavior  `auto` glides where the person has not asked for less motion
   */
  toTurn(first, behavior = "auto") {
    const scroller = this.#scroller();
    const above = scroller === this.conversation ? scroller.getBoundingClientRect().top : 0;
    const start = first.getBoundingClientRect().top - above + scroller.scrollTop - MARGIN_PX;
    const fits = scroller.scrollHeight - start <= scroller.clientHeight;
    scroller.scrollTo({ top: fits ? scroller.scrollHeight : start, behavior });
  }

  #scroller() {
    const itself = getComputedStyle(this.conversation).overflowY !== "visible";
    return itself ? this.conversation : document.documentElement;
  }

  #below() {
    const { scrollHeight, scrollTop, clientHeight } = this.conversation;
    return scrollHeight - scrollTop - clientHeight;
  }
}

// A task's page follows its task: it asks for the part that changes, and stops when there is no more to come.
// What is said aloud is said at most every ten seconds, and whenever the state changes.
const PAUSE = 2000, SPEAK = 10000, TRIES = 30;

export function activate(part) {
  const said = document.querySelector("[data-progress-said]");
  const words = () => part.querySelector("[data-progress-words]");
  let isOpen = words().hasAttribute("data-progress-open"), spoken = 0, failures = 0;

  const speak = (mustBeSaid) => {
    if (!mustBeSaid && Date.now() - spoken < SPEAK) return;
    spoken = Date.now();
    said.textContent = words().textContent;
  };

  const show = (html) => {
    const old = document.activeElement, hadFocus = part.contains(old), name = old?.closest("form")?.getAttribute("action");
    const fresh = new DOMParser().parseFromString(html, "text/html");
    part.replaceChildren(...fresh.body.childNodes);
    if (!hadFocus) return;
    // Whoever stood on a button that is still there stays on it; else on the first thing that can be done now.
    const same = [...part.querySelectorAll("form")].find((form) => form.getAttribute("action") === name);
    (same ?? part).querySelector("button")?.focus({ preventScroll: true });
  };

  const look = async () => {
    try {
      const answer = await fetch(part.dataset.progress, { redirect: "error", headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const task = await answer.json();
      show(task.html);
      isOpen = task.is_open;
      failures = 0;
    } catch {
      if (++failures > TRIES) return;
    }
    speak(!isOpen);
    if (isOpen) setTimeout(look, document.hidden ? 5 * PAUSE : PAUSE);
  };

  if (isOpen) setTimeout(look, PAUSE);
}

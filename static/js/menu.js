// The drawer on a phone closes by Escape and by a tap beside it; a row of tabs shows the current one.
export function activate(element) {
  if (!element.matches("details")) {
    const current = element.querySelector("[aria-current]");
    if (current) element.scrollLeft = current.offsetLeft - element.offsetLeft - (element.clientWidth - current.offsetWidth) / 2;
    return;
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !element.open) return;
    element.open = false;
    element.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => { if (!element.contains(event.target)) element.open = false; });
}

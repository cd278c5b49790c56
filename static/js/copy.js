// Copies the value of the input whose id is named, and says so.
export function activate(button) {
  if (!navigator.clipboard) return;
  const word = button.querySelector("span");
  const usual = word.textContent;
  word.setAttribute("aria-live", "polite");
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    word.textContent = button.dataset.done;
    setTimeout(() => { word.textContent = usual; }, 2500);
  });
}

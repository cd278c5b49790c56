// A file that is too large is told before it is sent, and nothing else on the form is lost.
export function activate(input) {
  const most = Number(input.dataset.mostBytes);
  const words = document.createElement("p");
  words.className = "error";
  words.id = `${input.id}-too-large`;
  words.setAttribute("role", "alert");
  const check = () => {
    const large = [...input.files].some((file) => file.size > most);
    words.textContent = large ? input.dataset.tooLarge : "";
    if (large) {
      input.after(words);
      input.setAttribute("aria-invalid", "true");
    } else {
      words.remove();
      input.removeAttribute("aria-invalid");
    }
    return large;
  };
  input.addEventListener("change", check);
  // In the capturing phase, so that the form does not count as sent.
  input.form.addEventListener("submit", (event) => {
    if (!check()) return;
    event.preventDefault();
    event.stopPropagation();
    input.focus();
  }, true);
}

// Filters apply as soon as they are chosen; empty ones stay out of the address.
export function activate(form) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, [type=checkbox], [type=radio], [type=date]")) form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    const idle = [...form.elements].filter((input) => input.name && !input.value);
    idle.forEach((input) => { input.disabled = true; });
    setTimeout(() => idle.forEach((input) => { input.disabled = false; }));
  });
  // The clear button inside a search input.
  form.addEventListener("search", (event) => { if (!event.target.value) form.requestSubmit(); }, true);
}

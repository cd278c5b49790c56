// After a refused form the summary has the focus; its links lead into the field itself.
export function activate(summary) {
  summary.focus({ preventScroll: false });
  summary.addEventListener("click", (event) => {
    const field = event.target.closest("a") && document.getElementById(event.target.closest("a").hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.closest("details")?.setAttribute("open", "");
    field.dispatchEvent(new CustomEvent("reveal", { bubbles: true }));
    field.closest(".field, .localized-part")?.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });
}

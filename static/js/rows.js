// Rows of a form that can be added and removed: the companions of a registration.
export function activate(group) {
  const list = group.querySelector("[data-rows-list]");
  const template = group.querySelector("template");
  const add = group.querySelector("[data-row-add]");
  const most = Number(group.dataset.rowsMax);
  const rows = () => [...list.querySelectorAll("[data-row]")];

  const renumber = () => {
    rows().forEach((row, i) => {
      const number = row.querySelector("[data-row-number]");
      number.textContent = i + 1;
      row.setAttribute("aria-label", number.parentElement.textContent.trim());
      row.querySelector("[data-row-remove]").hidden = false;
      // Gaps in the numbering would lose a row on the way to the server.
      for (const element of row.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
        for (const attribute of ["name", "id", "for", "aria-describedby"]) {
          const value = element.getAttribute(attribute);
          if (value) element.setAttribute(attribute, value.replace(/-(\d+|__index__)-/g, `-${i}-`));
        }
      }
    });
    add.hidden = rows().length >= most;
    // The button says for how many: one wording per number of rows, made by the server, so that plurals are right.
    const button = group.closest("form")?.querySelector("[data-row-labels]");
    if (button) button.textContent = JSON.parse(button.dataset.rowLabels)[rows().length] ?? button.textContent;
  };
  const changed = () => {
    renumber();
    group.dispatchEvent(new Event("input", { bubbles: true }));
  };

  add.addEventListener("click", () => {
    list.append(template.content.cloneNode(true));
    changed();
    rows().at(-1).querySelector("input, select")?.focus();
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row-remove]")?.closest("[data-row]");
    if (!row) return;
    row.remove();
    changed();
    (add.hidden ? rows().at(-1)?.querySelector("input") : add)?.focus();
  });
  renumber();
}

// Rows picked for a joint action: one checkbox for all, and a count on the bar.
export function activate(table) {
  const all = table.querySelector("[data-pick-all]");
  const ones = [...table.querySelectorAll("[data-pick-one]")];
  const bar = table.closest("form")?.querySelector("[data-bulk]");
  const count = bar?.querySelector("[data-bulk-count]");

  const update = () => {
    const picked = ones.filter((one) => one.checked).length;
    all.checked = picked > 0 && picked === ones.length;
    all.indeterminate = picked > 0 && picked < ones.length;
    if (!bar) return;
    bar.hidden = picked === 0;
    bar.classList.toggle("is-active", picked > 0);
    count.textContent = `${picked} ${count.dataset.bulkWord}`;
  };

  all.hidden = ones.length === 0;
  all.addEventListener("change", () => {
    ones.forEach((one) => { one.checked = all.checked; });
    update();
  });
  table.addEventListener("change", update);
  addEventListener("pageshow", update);
  update();
}

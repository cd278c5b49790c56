// A row that is folded to one line: the line follows what is typed below it.
export function activate(row) {
  const value = (end) => row.querySelector(`[name$="-${end}"]`)?.value.trim() ?? "";
  const title = row.querySelector("[data-line-title]");
  const hours = row.querySelector("[data-line-hours]");
  row.addEventListener("input", () => {
    const languages = [document.documentElement.lang, "de", "sl", "en"];
    title.textContent = languages.map((code) => value(`title-${code}`)).find(Boolean) ?? title.dataset.lineTitle;
    hours.textContent = [value("start_time"), value("end_time")].filter(Boolean).join("–");
  });
}

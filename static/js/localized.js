// One text in three languages: three stacked inputs become tabs. The tabs are told apart by language code, and show
// which language is still missing or wrong.
export function activate(group) {
  const parts = [...group.querySelectorAll("[data-localized-part]")];
  const control = (part) => part.querySelector("input, textarea");
  const list = document.createElement("div");
  list.className = "lang-tabs";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", group.querySelector("legend").textContent);

  const tabs = parts.map((part) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.id = `${control(part).id}-tab`;
    tab.textContent = part.dataset.localizedPart.toUpperCase();
    tab.setAttribute("role", "tab");
    part.id = `${control(part).id}-panel`;
    tab.setAttribute("aria-controls", part.id);
    part.setAttribute("role", "tabpanel");
    part.setAttribute("aria-labelledby", tab.id);
    list.append(tab);
    return tab;
  });

  const show = (index, focus) => {
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === index));
      tab.tabIndex = i === index ? 0 : -1;
      parts[i].hidden = i !== index;
    });
    if (focus) tabs[index].focus();
  };
  const mark = () => {
    const some = parts.some((part) => control(part).value.trim());
    parts.forEach((part, i) => {
      const missing = some && !control(part).value.trim();
      tabs[i].classList.toggle("is-missing", missing);
      tabs[i].classList.toggle("is-wrong", part.classList.contains("has-error"));
      tabs[i].setAttribute("aria-label", tabs[i].textContent + (missing ? `, ${part.dataset.missing}` : ""));
    });
  };

  tabs.forEach((tab, i) => tab.addEventListener("click", () => show(i)));
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) show((tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length, true);
  });
  group.addEventListener("input", mark);
  // A link of the error summary leads to a language that may be folded away.
  group.addEventListener("reveal", (event) => show(parts.findIndex((part) => part.contains(event.target))));

  group.querySelector("[data-localized-head]").append(list);
  group.classList.add("is-tabbed");
  // First what is wrong; else the reader's own language, unless there is text in others only.
  const filled = parts.map((part) => control(part).value.trim() !== "");
  const own = parts.findIndex((part) => part.dataset.localizedPart === document.documentElement.lang);
  const wrong = parts.findIndex((part) => part.classList.contains("has-error"));
  show([wrong, filled[own] || !filled.includes(true) ? own : filled.indexOf(true), 0].find((index) => index >= 0));
  mark();
}

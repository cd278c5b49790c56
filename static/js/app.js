// The one script of every page. Each behaviour is a module of its own, fetched only where its mark is on the page.
// Pages are complete without any of it.
const behaviours = {
  "[data-localized]": "localized",
  "[data-rows]": "rows",
  "[data-show-if]": "show_if",
  "[data-autosubmit]": "autosubmit",
  "[data-order]": "order",
  "[data-pick]": "pick",
  "[data-guard]": "guard",
  "[data-line]": "line",
  "[data-copy]": "copy",
  "[data-progress]": "progress",
  "[data-most-bytes]": "file_size",
  "[data-menu], [data-tabs]": "menu",
  "[data-error-summary]": "error_summary",
};

document.documentElement.classList.add("js");

// The page names each module's versioned address, so that a new release never meets an old half.
const addresses = JSON.parse(document.getElementById("app").dataset.behaviours);

for (const [mark, name] of Object.entries(behaviours)) {
  const found = document.querySelectorAll(mark);
  if (found.length) import(addresses[name]).then((module) => found.forEach(module.activate));
}

// A second press sends nothing twice. Coming back by the browser's history makes the form usable again.
// data-again excuses forms that answer with a download and leave the page as it is.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post" || form.hasAttribute("data-again")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  // After this turn, or the pressed button's own name and value would not be sent.
  setTimeout(() => form.querySelectorAll("[type=submit]").forEach((button) => button.setAttribute("aria-busy", "true")));
});

addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });
});

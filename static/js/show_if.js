// A question that only matters after a certain answer: data-show-if="name=value", "name=one|other", or "name" for any
// answer.
// What is out of sight is disabled, so it is not sent.
export function activate(part) {
  const [name, wanted] = part.dataset.showIf.split("=");
  const form = part.closest("form");
  const update = () => {
    const answers = new FormData(form).getAll(name);
    const shown = wanted === undefined ? answers.some(Boolean) : wanted.split("|").some((one) => answers.includes(one));
    part.hidden = !shown;
    part.querySelectorAll("input, select, textarea").forEach((input) => { input.disabled = !shown; });
  };
  form.addEventListener("change", update);
  update();
}

// Rows that are put in order by hand: buttons move one up or down, and the numbers that say so without a script are kept.
export function activate(list) {
  const items = () => [...list.querySelectorAll("[data-order-item]")];
  const settle = () => {
    const all = items();
    all.forEach((item, i) => {
      item.querySelector("[data-order-place]").value = i + 1;
      item.querySelector('[data-order-move="-1"]').disabled = i === 0;
      item.querySelector('[data-order-move="1"]').disabled = i === all.length - 1;
    });
  };

  list.querySelectorAll("[data-order-place]").forEach((place) => { place.type = "hidden"; });
  list.querySelectorAll("[data-order-move]").forEach((button) => { button.hidden = false; });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-order-move]");
    if (!button) return;
    const item = button.closest("[data-order-item]");
    if (button.dataset.orderMove === "-1") item.previousElementSibling?.before(item);
    else item.nextElementSibling?.after(item);
    settle();
    (button.disabled ? item.querySelector("[data-order-move]:not(:disabled)") : button).focus();
    list.dispatchEvent(new Event("input", { bubbles: true }));
  });
  settle();
}

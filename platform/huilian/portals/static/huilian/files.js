/* A file's own button in the page's language. Without this file the browser's button stands there. */
(() => {
  const inputs = document.querySelectorAll(".pick > input[type=file]");
  const show = (input) => {
    const words = input.nextElementSibling.querySelector("[data-picked]");
    words.textContent = Array.from(input.files, (file) => file.name).join(", ") || words.dataset.picked;
  };
  inputs.forEach((input) => {
    input.addEventListener("change", () => show(input));
    input.nextElementSibling.hidden = false;
    input.classList.add("veil"); /* it lies over what is drawn, and is what is pressed, dropped on and focused */
    show(input); /* a page that was left and comes back may keep its files */
  });
})();

/* Handing a link to the telephone's own ways of sharing, where it has some; copying it works everywhere. */
(() => {
  if (!navigator.share) return;
  document.querySelectorAll("[data-share]").forEach((button) => {
    const { title, share: url } = button.dataset;
    button.hidden = false;
    button.addEventListener("click", () => navigator.share({ title, url }).catch(() => { /* thought better of it */ }));
  });
})();

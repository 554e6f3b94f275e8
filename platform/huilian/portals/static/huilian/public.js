/* Comforts of the public pages. Every page does its work without this file. */
(() => {
  const d = document;
  d.querySelectorAll("form[data-send-at-once]").forEach((form) => form.submit());
  /* A page that waits for something looks again. */
  d.querySelectorAll("[data-reload]").forEach((box) => {
    setTimeout(() => location.replace(location.href), box.dataset.reload * 1000);
  });
  d.addEventListener("change", ({ target }) => {
    if (target.dataset.reveal) d.getElementById(target.dataset.reveal).type = target.checked ? "text" : "password";
  });
  /* A double click sends once. */
  d.querySelectorAll("form[data-once]").forEach((form) => form.addEventListener("submit", (e) => {
    if (form.dataset.sent) e.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 5000);
  }));
  /* "Send a code" without reloading: what was typed and the files that were chosen stay where they are. */
  d.addEventListener("click", async (e) => {
    const button = e.target.closest("button[data-send-code]");
    if (!button || !window.fetch) return;
    e.preventDefault();
    const form = button.form, data = new FormData(form);
    for (const input of form.querySelectorAll("input[type=file]")) data.delete(input.name);
    data.set(button.name, button.value);
    button.disabled = true;
    try {
      const answer = await fetch(button.formAction, { method: "POST", body: data });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of ["contact-code", "error-summary"]) {
        const now = page.getElementById(part), was = d.getElementById(part);
        if (now && was) was.replaceWith(d.importNode(now, true));
      }
      const entry = d.querySelector("#contact-code input[name=code]");
      if (entry) entry.focus();
    } catch {
      form.requestSubmit(button);
    } finally {
      button.disabled = false;
    }
  });
})();

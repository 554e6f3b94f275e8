/* Huilian: small comforts. Every page does its work without this file. */
(() => {
  const d = document, on = (t, f) => d.addEventListener(t, f);
  const near = (e, s) => e.target.closest && e.target.closest(s);
  const say = (text) => { const r = d.getElementById("say"); if (r) { r.textContent = ""; setTimeout(() => { r.textContent = text; }, 60); } };
  const wake = (root) => root.querySelectorAll("[data-js]").forEach((e) => { e.hidden = false; });
  const copy = (text) => {
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
    const t = d.createElement("textarea");
    t.value = text; t.readOnly = true; t.className = "vh";
    d.body.append(t); t.select();
    const done = d.execCommand("copy");
    t.remove();
    return done ? Promise.resolve() : Promise.reject();
  };
  on("click", (e) => {
    let b = near(e, "[data-dialog]");
    const box = b && d.getElementById(b.dataset.dialog);
    if (box && box.showModal) { e.preventDefault(); if (!box.open) box.showModal(); return; }
    b = near(e, "[data-close]");
    if (b) {
      const c = b.closest("dialog");
      if (c && c.open) { e.preventDefault(); c.close(); }
      return;
    }
    if (e.target.matches("dialog[open]")) {
      const r = e.target.getBoundingClientRect();
      if (e.clientX < r.left || e.clientX > r.right || e.clientY < r.top || e.clientY > r.bottom) e.target.close();
    }
    b = near(e, "[data-dismiss]");
    if (b) { b.closest(".toast").remove(); const m = d.getElementById("main"); if (m) m.focus(); return; }
    b = near(e, "[data-copy]");
    if (b) copy(b.dataset.copy).then(() => {
      const s = b.querySelector("span") || b, old = s.textContent;
      s.textContent = b.dataset.done; say(b.dataset.done);
      setTimeout(() => { s.textContent = old; }, 2000);
    }, () => prompt("", b.dataset.copy));
    if (near(e, "[data-print]")) print();
    d.querySelectorAll("details.menu[open]").forEach((m) => { if (!m.contains(e.target)) m.open = false; });
  });
  on("keydown", (e) => {
    if (e.key === "Escape") d.querySelectorAll("details.menu[open]").forEach((m) => { m.open = false; m.querySelector("summary").focus(); });
    if (e.ctrlKey || e.metaKey || e.altKey || near(e, "input,select,textarea,dialog")) return;
    const k = localStorage.getItem("keys") !== "off" && d.querySelector(`[data-key="${CSS.escape(e.key)}"]`);
    if (k) { e.preventDefault(); k.click(); k.focus(); }
  });
  on("change", (e) => {
    if (e.target.matches("[data-keys]")) localStorage.setItem("keys", e.target.checked ? "on" : "off");
  });
  on("input", (e) => {
    const l = e.target.dataset.filter && d.getElementById(e.target.dataset.filter), q = e.target.value.trim().toLowerCase();
    if (l) l.querySelectorAll("[data-words]").forEach((i) => { i.hidden = !i.dataset.words.toLowerCase().includes(q); });
  });
  d.querySelectorAll("[data-keys]").forEach((c) => { c.checked = localStorage.getItem("keys") !== "off"; });
  d.querySelectorAll("[data-refresh][id]").forEach((box) => {
    const look = async () => {
      if (!d.hidden) try {
        const r = await fetch(box.dataset.refresh || location.href, { headers: { Accept: "text/html" } });
        const now = r.ok && new DOMParser().parseFromString(await r.text(), "text/html").getElementById(box.id);
        if (now && now.innerHTML !== box.dataset.was) { box.innerHTML = box.dataset.was = now.innerHTML; wake(box); }
        if (now && !("refresh" in now.dataset)) return;
      } catch { /* offline: the next look may succeed */ }
      setTimeout(look, (box.dataset.every || 10) * 1000);
    };
    box.dataset.was = box.innerHTML;
    setTimeout(look, (box.dataset.every || 10) * 1000);
  });
  wake(d);
  const bad = d.querySelector(".error-summary");
  if (bad) bad.focus();
})();

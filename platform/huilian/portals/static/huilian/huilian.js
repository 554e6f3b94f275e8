/* Small comforts. Every page does its work without this file. */
(() => {
  const d = document, on = (t, f) => d.addEventListener(t, f), all = (s, f) => d.querySelectorAll(s).forEach(f);
  const id = (i) => d.getElementById(i), say = (t) => { id("say").textContent = t; };
  const wake = () => all("[data-js]", (e) => { e.hidden = false; });
  const keysOn = () => localStorage.getItem("keys") !== "off";
  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); } catch {
      const t = d.createElement("textarea");
      t.value = text; d.body.append(t); t.select(); d.execCommand("copy"); t.remove();
    }
  };
  on("click", (e) => {
    const near = (s) => e.target.closest(s);
    let b = near("[data-dialog]");
    const box = b && id(b.dataset.dialog);
    if (box && box.showModal) { e.preventDefault(); if (!box.open) box.showModal(); }
    b = near("[data-close]");
    const open = b && near("dialog[open]");
    if (open) { e.preventDefault(); open.close(); }
    if (near("[data-dismiss]")) { near(".toast").remove(); id("main").focus(); }
    if ((b = near("[data-copy]"))) copy(b.dataset.copy).then(() => {
      const s = b.querySelector("span"), { done } = b.dataset;
      if (s.textContent === done) return;
      const was = s.textContent;
      s.textContent = done; say(done);
      setTimeout(() => { s.textContent = was; say(""); }, 2000);
    });
    if (near("[data-print]")) print();
    all("details.menu[open]", (m) => { if (!m.contains(e.target)) m.open = false; });
  });
  on("keydown", (e) => {
    if (e.key === "Escape") all("details.menu[open]", (m) => { m.open = false; m.firstElementChild.focus(); });
    if (e.key === "Enter" && e.target.matches("[data-filter]")) e.preventDefault();
    if (e.ctrlKey || e.metaKey || e.altKey || !keysOn() || e.target.closest("input,select,textarea,dialog")) return;
    all(`[data-key="${CSS.escape(e.key)}"]`, (k) => { e.preventDefault(); k.focus(); k.click(); });
  });
  on("change", ({ target: t }) => { if (t.matches("[data-keys]")) localStorage.setItem("keys", t.checked ? "on" : "off"); });
  on("input", ({ target: t }) => {
    if (t.dataset.filter) all(`#${t.dataset.filter} [data-words]`, (i) => {
      i.closest("div,li,tr").hidden = !i.dataset.words.toLowerCase().includes(t.value.trim().toLowerCase());
    });
  });
  all("[data-keys]", (c) => { c.checked = keysOn(); });
  all("[data-refresh][id]", (box) => {
    const wait = () => setTimeout(look, (box.dataset.every || 10) * 1e3);
    let was = box.innerHTML;
    const look = async () => {
      try {
        const r = d.hidden || await fetch(box.dataset.refresh || location.href);
        const now = r.ok && new DOMParser().parseFromString(await r.text(), "text/html").getElementById(box.id);
        if (now && now.innerHTML !== was) { box.innerHTML = was = now.innerHTML; wake(); }
        if (now && !("refresh" in now.dataset)) return;
      } catch { /* offline */ }
      wait();
    };
    wait();
  });
  wake();
  all(".error-summary", (s) => s.focus());
})();

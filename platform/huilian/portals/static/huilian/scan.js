/* Reading a referral code with the camera, where the browser can. Without this file a code is typed. */
(() => {
  const d = document, box = d.querySelector("[data-scan]");
  if (!box) return;
  const open = box.querySelector("[data-scan-open]"), view = box.querySelector("dialog"), video = view.querySelector("video");
  const words = view.querySelector("[data-scan-words]"), entry = box.closest("section, main").querySelector("input[name=code]");
  const able = "BarcodeDetector" in window && navigator.mediaDevices && navigator.mediaDevices.getUserMedia && view.showModal;
  if (!able) return;
  let stream = null, turn = 0;

  /* Links of this federation only: the same scheme, one of its hosts, and nothing but a code. */
  const codeIn = (text) => {
    const typed = text.trim();
    if (/^\d{3}-?[0-9A-Za-z-]{6,30}$/.test(typed)) return typed;
    let url;
    try { url = new URL(typed); } catch { return ""; }
    const home = box.dataset.scan, here = url.host === home || url.host.endsWith(`.${home}`);
    const found = /^\/r\/([0-9A-Za-z-]{1,40})\/?$/.exec(url.pathname);
    return here && url.protocol === location.protocol && found ? found[1] : "";
  };
  const say = (name) => { words.textContent = words.dataset[name]; };
  const stop = () => {
    turn += 1;
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
  };
  const look = async (detector, mine) => {
    if (mine !== turn || !stream) return;
    try {
      for (const { rawValue } of await detector.detect(video)) {
        const code = codeIn(rawValue);
        if (mine !== turn) return;
        if (code) {
          stop();
          view.close();
          entry.value = code;
          entry.form.requestSubmit();
          return;
        }
        say("other");
      }
    } catch { /* no picture yet */ }
    setTimeout(() => look(detector, mine), 200);
  };
  const begin = async () => {
    stop();
    const mine = turn;
    say("look");
    video.hidden = false;
    view.showModal();
    try {
      const got = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (mine !== turn || !view.open) { got.getTracks().forEach((track) => track.stop()); return; }
      stream = video.srcObject = got;
      await video.play();
      look(new window.BarcodeDetector({ formats: ["qr_code"] }), mine);
    } catch { video.hidden = true; say("denied"); }
  };
  (async () => {
    try {
      if (!(await window.BarcodeDetector.getSupportedFormats()).includes("qr_code")) return;
    } catch { return; }
    open.hidden = false;
    box.querySelector("[data-scan-otherwise]").hidden = true;
    open.addEventListener("click", begin);
    view.addEventListener("close", () => { stop(); if (video.hidden) entry.focus(); });
    d.addEventListener("visibilitychange", () => { if (d.hidden && view.open) view.close(); });
    addEventListener("pagehide", stop);
  })();
})();

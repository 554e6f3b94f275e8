/* The frame over a photo. Without this file the middle of the photo is kept. */
(() => {
  const form = document.querySelector("form[data-portrait]");
  if (!form || !window.URL || !window.PointerEvent) return;
  const one = (name) => form.querySelector(`[data-crop${name}]`);
  const box = one(""), photo = one("-photo"), frame = one("-frame");
  const size = one("-size"), across = one("-across"), down = one("-down");
  const LEAST = 120; // pixels of the photo, as the server wants
  const hidden = (name, value) => { form.elements[name].value = value; };
  const tall = () => (form.elements.shape.value === "square" ? 1 : 4 / 3);
  let address = "";

  /* All in pixels of the photo itself. */
  const rectangle = () => {
    const w = photo.naturalWidth, h = photo.naturalHeight;
    const widest = Math.min(w, h / tall()), least = Math.min(LEAST, widest);
    const width = least + (widest - least) * size.value / 100, height = width * tall();
    return { w, h, width, height, left: (w - width) * across.value / 100, top: (h - height) * down.value / 100 };
  };
  const draw = () => {
    if (!photo.naturalWidth) return;
    const r = rectangle();
    const part = (value, whole) => `${100 * value / whole}%`;
    frame.style.left = part(r.left, r.w);
    frame.style.top = part(r.top, r.h);
    frame.style.width = part(r.width, r.w);
    frame.style.height = part(r.height, r.h);
    hidden("left", r.left / r.w);
    hidden("top", r.top / r.h);
    hidden("width", r.width / r.w);
  };
  const close = () => {
    box.hidden = true;
    ["left", "top", "width"].forEach((name) => hidden(name, ""));
    if (address) URL.revokeObjectURL(address);
    address = "";
  };
  form.elements.photo.addEventListener("change", () => {
    close();
    const [file] = form.elements.photo.files;
    if (!file) return;
    address = URL.createObjectURL(file);
    photo.src = address;
  });
  photo.addEventListener("load", () => {
    [size.value, across.value, down.value] = [100, 50, 50];
    box.hidden = false;
    draw();
  });
  photo.addEventListener("error", close); /* not a photo this browser shows: the server says what it is */
  form.addEventListener("change", ({ target }) => { if (target.name === "shape") draw(); });
  [size, across, down].forEach((slider) => slider.addEventListener("input", draw));

  let held = null;
  frame.addEventListener("pointerdown", (e) => {
    const r = rectangle();
    held = { id: e.pointerId, x: e.clientX, y: e.clientY, left: r.left, top: r.top };
    frame.setPointerCapture(e.pointerId);
    e.preventDefault();
  });
  frame.addEventListener("pointermove", (e) => {
    if (!held || held.id !== e.pointerId) return;
    const r = rectangle(), scale = r.w / photo.getBoundingClientRect().width;
    const move = (slider, from, by, room) => {
      if (room > 0) slider.value = 100 * Math.min(Math.max(from + by * scale, 0), room) / room;
    };
    move(across, held.left, e.clientX - held.x, r.w - r.width);
    move(down, held.top, e.clientY - held.y, r.h - r.height);
    draw();
  });
  ["pointerup", "pointercancel"].forEach((name) => frame.addEventListener(name, () => { held = null; }));
})();

// Selects the refused key, so that typing replaces it; without script the box has the focus alone.
const box = document.querySelector("input[data-select]");
box.addEventListener("focus", () => box.select(), { once: true });
if (box === document.activeElement) box.select();

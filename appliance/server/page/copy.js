// Shows and serves the button that copies a command; without script the text can be selected.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const said = document.getElementById(button.getAttribute("aria-describedby"));
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      said.textContent = button.dataset.copied;
    } catch {
      // The browser forbids it: selecting the text is the next best thing.
      getSelection()?.selectAllChildren(source);
      said.textContent = button.dataset.selected;
    }
  });
}

"use strict";
const words = document.documentElement.lang === "ru"
  ? { copy: "Скопировать", copied: "Скопировано", selected: "Выделено: Ctrl+C" }
  : { copy: "Copy", copied: "Copied", selected: "Selected: Ctrl+C" };
document.querySelectorAll("pre > code.language-letter").forEach((letter) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.copy;
  button.addEventListener("click", async () => {
    getSelection().selectAllChildren(letter);
    try {
      await navigator.clipboard.writeText(letter.textContent);
      button.textContent = words.copied;
    } catch {
      button.textContent = words.selected;
    }
  });
  letter.parentElement.before(button);
});

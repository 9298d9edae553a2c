"use strict";
// On paper nothing may stay folded; on the screen it folds again.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  folded.forEach((one) => { one.open = true; });
});
addEventListener("afterprint", () => folded.forEach((one) => { one.open = false; }));
document.querySelectorAll(".letter").forEach((letter) => {
  const button = letter.querySelector("button");
  const text = letter.querySelector("pre");
  button.addEventListener("click", async () => {
    getSelection().selectAllChildren(text);
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Скопировано";
    } catch {
      button.textContent = "Выделено: Ctrl+C";
    }
  });
});

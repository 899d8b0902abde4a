// A key for each thing that can be done: it stands beside it.
"use strict";
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input:not([type=checkbox]), textarea");
  if (isTyping && event.key === "Escape") { event.target.blur(); return; }
  if (isTyping || event.ctrlKey || event.altKey || event.metaKey) return;
  const one = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!one) return;
  event.preventDefault();
  if (one.matches("input:not([type=checkbox])")) one.focus();
  else one.click();
});

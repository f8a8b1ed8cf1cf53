// Small comforts; every page works without them.
(function () {
  "use strict";

  // A fold in the header closes with Escape or a click elsewhere.
  const folds = () => document.querySelectorAll("details.fold[open]");
  document.addEventListener("click", (event) => {
    folds().forEach((fold) => { if (!fold.contains(event.target)) fold.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    folds().forEach((fold) => {
      fold.open = false;
      fold.querySelector("summary").focus();
    });
  });

  // After a failed form, start at the summary of what to correct.
  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();

  // A form is sent once, however often the button is pressed; coming back to the page frees it again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // What is refused in place is sent the plain way, so that its page says why.
  document.addEventListener("htmx:responseError", (event) => {
    if (event.target.matches("form[hx-post]")) event.target.submit();
  });

  // An answer that says where it belongs is shown there, also where it is a refusal.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 400 && event.detail.xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
  });

  // A long address is copied without being shown; where the browser forbids it, it is shown to be copied by hand.
  document.querySelectorAll("[data-copies]").forEach((block) => {
    const button = block.querySelector("[data-copy]");
    const field = document.getElementById(block.dataset.copies);
    const said = block.querySelector("[data-copied]");
    if (!button || !field) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(field.value);
        said.textContent = "Copied.";
      } catch {
        block.querySelector("details").open = true;
        field.select();
        said.textContent = "Copy the address from the field below.";
      }
    });
  });

  // Leaving a form with words typed into it asks first.
  let typed = false;
  document.addEventListener("input", (event) => { if (event.target.closest("form[data-keep]")) typed = true; });
  document.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
})();

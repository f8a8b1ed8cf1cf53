// A draft is kept while it is typed. Without this the button "Save as draft" does it.
(function () {
  "use strict";

  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const PAUSE = 1500;
  const AGAIN = 15000;
  const kept = form.querySelector("[data-draft-kept]");
  const trouble = form.querySelector("[data-draft-trouble]");
  const SIGNED_OUT = "You are signed out, so nothing more is kept. What you typed is still here: press “Save as draft”, sign in, and it is there again.";
  const NO_LINE = "Just now nothing could be kept. What you typed is still here, and is tried again in a moment.";
  let timer = 0;
  let typed = false;
  let busy = false;
  let over = false;

  function say(sentence) {
    if (trouble.textContent !== sentence) trouble.textContent = sentence;
  }

  function soon(wait) {
    clearTimeout(timer);
    timer = setTimeout(keep, wait);
  }

  function count() {
    form.elements.number.value = Number(form.elements.number.value) + 1;
  }

  async function answered(response) {
    if (response.type === "opaqueredirect" || response.status === 403) {
      over = true;
      say(SIGNED_OUT);
    } else if (response.status === 409) {
      over = true;
      say((await response.json()).trouble);
    } else if (response.ok) {
      const said = await response.json();
      form.elements.seen.value = said.version;
      kept.textContent = said.kept;
      say(said.trouble);
    } else {
      throw new Error(String(response.status));
    }
  }

  // One keeping at a time, so that an older one never comes after a newer one; leaving the page waits for none.
  async function keep(leaving) {
    if (over || !typed || (busy && leaving !== true)) return;
    typed = false;
    busy = true;
    count();
    const body = new URLSearchParams(new FormData(form));
    try {
      await answered(await fetch(form.dataset.draft, { method: "POST", body, redirect: "manual", keepalive: leaving === true }));
    } catch {
      typed = true;
      say(NO_LINE);
    }
    busy = false;
    if (typed) soon(trouble.textContent === NO_LINE ? AGAIN : PAUSE);
  }

  function noticed() {
    typed = true;
    soon(PAUSE);
  }

  form.addEventListener("input", noticed);
  form.addEventListener("change", noticed);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(true); });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    over = true;
    count();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) over = false; });
})();

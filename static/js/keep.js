// What was typed and sent while the session had ended is there again after signing in. It stays in this tab,
// belongs to the person who typed it, and goes when it was taken, at sign-out and with the tab.
(function () {
  "use strict";

  const KEY = "typed";
  const person = document.body.dataset.person || "";
  const long = (form) => form.method === "post" && form.querySelector("textarea") && form.closest("main");
  const where = (form) => form.getAttribute("action") || "";
  const fields = (form) =>
    [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit"].includes(field.type));

  function remember(form) {
    const values = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    const names = new Set(fields(form).map((field) => field.name));
    const typed = values.filter(([name]) => names.has(name));
    sessionStorage.setItem(KEY, JSON.stringify({ person, path: location.pathname, to: where(form), typed }));
  }

  function fill(form, typed) {
    const left = typed.map((pair) => pair.slice());
    fields(form).forEach((field) => {
      const choice = field.type === "checkbox" || field.type === "radio";
      const at = left.findIndex(([name, value]) => name === field.name && (!choice || value === field.value));
      if (choice) field.checked = at >= 0;
      else if (at >= 0) field.value = left[at][1];
      if (at >= 0) left.splice(at, 1);
    });
  }

  function say(sentence) {
    const note = document.createElement("p");
    note.className = "message";
    note.textContent = sentence;
    document.getElementById("messages").append(note);
  }

  function restore() {
    const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
    if (!kept) return;
    if (!person) {
      sessionStorage.setItem(KEY, JSON.stringify({ ...kept, ended: true })); // the sign-in page stands between
    } else if (!kept.ended || kept.person !== person) {
      sessionStorage.removeItem(KEY); // it was taken, or somebody else sits here now
    } else if (kept.path === location.pathname) {
      sessionStorage.removeItem(KEY);
      const forms = [...document.querySelectorAll("main form")].filter(long);
      const form = forms.find((each) => where(each) === kept.to);
      if (!form) return;
      const fold = form.closest("details");
      if (fold) fold.open = true;
      fill(form, kept.typed);
      say("Your session had ended. What you typed is here again: please send it once more.");
    }
  }

  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (event.target.action.includes("/logout/")) sessionStorage.removeItem(KEY);
    else if (long(event.target)) remember(event.target);
  });
  restore();
})();

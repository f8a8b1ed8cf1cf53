/* Passkeys: binds allauth's scripts to the page's forms, says when one could not be used, and offers them only
   where the browser knows them. A form is named by data-passkey-form; its other data are the ids of its parts. */
"use strict";

(() => {
  const NOT_DONE = "The passkey was not used. You can try again, or use another way.";

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const place = document.getElementById("passkey-error");
    if (place) {
      place.textContent = NOT_DONE;
      place.hidden = false;
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (!window.PublicKeyCredential) return;
    for (const form of document.querySelectorAll("[data-passkey-form]")) {
      const { passkeyForm, ...ids } = form.dataset;
      window.allauth.webauthn.forms[passkeyForm]({ ids });
    }
    for (const part of document.querySelectorAll("[data-needs-passkeys]")) part.hidden = false;
  });
})();

// <form data-draft="/address">: posts its hidden fields and those marked data-autosave every ten seconds while they change.
// The server keeps the draft and puts it back into the form; nothing is ever stored in the browser, which may be shared.
const EVERY_MS = 10_000;

export function keepDrafts(form, { saved: tellSaved = () => {} } = {}) {
  let saved = words(form);
  let saving = Promise.resolve();

  function save() {
    saving = saving.then(async () => {
      const now = words(form);
      if (now === saved) return;
      const response = await post(form.dataset.draft, now).catch(() => null);
      if (!response?.ok) return; // the next round tries again
      saved = now;
      tellSaved();
    });
    return saving;
  }

  const timer = setInterval(save, EVERY_MS);
  form.addEventListener("submit", () => clearInterval(timer));
  document.addEventListener("visibilitychange", () => document.hidden && save());
  return { save };
}

function words(form) {
  const fields = new URLSearchParams();
  for (const field of form.elements) {
    const isChosen = !["checkbox", "radio"].includes(field.type) || field.checked;
    const isKept = field.dataset.autosave || field.type === "hidden";
    if (field.name && isKept && isChosen) fields.append(field.name, field.value);
  }
  return fields.toString();
}

function post(address, body) {
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  return fetch(address, { method: "POST", headers, body, keepalive: true });
}

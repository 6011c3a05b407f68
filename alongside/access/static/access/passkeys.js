// Asks the browser for a passkey and sends its answer: <form data-passkey="create|get" data-options="…" hidden>.
// Without data-options they are fetched from the form's address. A browser without passkeys never shows the form.
if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => answer(event, form));
  }
}

async function answer(event, form) {
  event.preventDefault();
  const complaint = form.querySelector("[data-passkey-error]");
  complaint.hidden = true;
  try {
    const { publicKey } = form.dataset.options ? JSON.parse(form.dataset.options) : await fetchOptions(form.action);
    const credential =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: readable(publicKey) })
        : await navigator.credentials.get({ publicKey: readable(publicKey) });
    form.elements.credential.value = JSON.stringify(sendable(credential));
    form.submit();
  } catch {
    complaint.hidden = false; // cancelled, timed out, or no passkey here: the person decides what next
  }
}

async function fetchOptions(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error("no options");
  return (await response.json()).request_options;
}

/** JSON carries bytes as base64url; the browser wants bytes. */
function readable(options) {
  const bytes = (one) => ({ ...one, id: fromBase64(one.id) });
  return {
    ...options,
    challenge: fromBase64(options.challenge),
    ...(options.user && { user: bytes(options.user) }),
    ...(options.allowCredentials && { allowCredentials: options.allowCredentials.map(bytes) }),
    ...(options.excludeCredentials && { excludeCredentials: options.excludeCredentials.map(bytes) }),
  };
}

function sendable(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  return {
    id: credential.id,
    rawId: toBase64(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: Object.fromEntries(parts.filter((part) => response[part]).map((part) => [part, toBase64(response[part])])),
  };
}

function fromBase64(words) {
  const padded = words.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(words.length / 4) * 4, "=");
  return Uint8Array.from(atob(padded), (sign) => sign.charCodeAt(0));
}

function toBase64(buffer) {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(signs).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

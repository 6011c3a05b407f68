// Runs before the page is drawn, so that nothing flashes; a file of its own because no inline script is allowed.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");

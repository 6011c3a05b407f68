// A button that copies the text of another element: <button data-module="app-copy-button" data-copies="an-id" hidden>.
import { Component } from "govuk-frontend";

export class CopyButton extends Component {
  static moduleName = "app-copy-button";
  static elementType = HTMLButtonElement;

  constructor(button) {
    super(button);
    const source = document.getElementById(button.dataset.copies);
    if (!source || !navigator.clipboard) return;
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = button.dataset.copied ?? "Copied";
      setTimeout(() => (button.textContent = label), 3000);
    });
  }
}
